import type { Command } from 'commander';
import { FORMATS } from '../formats/registry.ts';
import { TABLES } from '../report/render.ts';
import { ADDRESSEES } from './packets.ts';

type Shell = 'bash' | 'zsh' | 'fish';

/** What the value of an option can be, where it is a word of a list and no file. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '--packet': ADDRESSEES,
  '--table': TABLES,
  '--as': FORMATS.map(({ id }) => id),
};

/** A command as a shell completes it. */
interface Completed {
  readonly name: string;
  readonly description: string;
  /** What its first argument can be, where that is a word and no file. */
  readonly words: readonly string[];
  readonly options: readonly {
    readonly flags: readonly string[];
    readonly takesValue: boolean;
    readonly description: string;
  }[];
}

/** The command tree as commander holds it: the default command's options belong to the program itself. */
function treeOf(program: Command): { readonly main: Completed; readonly commands: readonly Completed[] } {
  const completed = (command: Command): Completed => ({
    name: command.name(),
    description: command.description(),
    words: command.registeredArguments[0]?.argChoices ?? [],
    options: command
      .createHelp()
      .visibleOptions(command)
      .map(({ short, long, required, optional, description }) => ({
        flags: [short, long].filter((flag) => flag !== undefined && flag !== null),
        takesValue: required || optional,
        description,
      })),
  });
  const commands = program.createHelp().visibleCommands(program).map(completed);
  const usual = commands.find(({ name }) => name === 'analyze');
  const own = completed(program);
  return { main: { ...own, options: [...own.options, ...(usual?.options ?? [])] }, commands };
}

/** A script that completes the commands and options of a program, and files everywhere else. */
export function completionScript(program: Command, shell: Shell): string {
  const { main, commands } = treeOf(program);
  return SCRIPTS[shell](main, commands);
}

const SCRIPTS: Readonly<Record<Shell, (main: Completed, commands: readonly Completed[]) => string>> = {
  bash: (main, commands) => {
    const cases = [...commands.filter(({ options }) => options.length > 0), main].map(
      (command) => `    ${command === main ? '*' : command.name}) words="${flagsOf(command).join(' ')}" ;;`,
    );
    const firstWords = withWords(commands).map(
      ({ name, words }) =>
        `  [[ \${COMP_WORDS[1]} == ${name} && $word != -* ]] && COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$word")) && return`,
    );
    return `# bash: source <(${main.name} completion bash)
_${main.name}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=""
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${Object.entries(VALUES)
  .map(([flag, values]) => `    ${flag}) COMPREPLY=($(compgen -W "${values.join(' ')}" -- "$word")); return ;;`)
  .join('\n')}
  esac
${firstWords.join('\n')}
  if [[ $word != -* ]]; then
    words=""
    [[ $COMP_CWORD == 1 ]] && words="${commands.map(({ name }) => name).join(' ')}"
    COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  fi
}
complete -o filenames -F _${main.name} ${main.name}
`;
  },
  zsh: (main, commands) => {
    const specs = (command: Completed): string =>
      command.options
        .flatMap(({ flags, takesValue, description }) =>
          flags.map((flag) =>
            quoted(
              `${flag}[${zshText(description)}]${takesValue ? `:value:${valuesOf(flags, (values) => `(${values})`) ?? '_files'}` : ''}`,
            ),
          ),
        )
        .join(' \\\n        ');
    const cases = commands
      .filter(({ options }) => options.length > 0)
      .map(
        (command) =>
          `    ${command.name})\n      _arguments ${specs(command)} ${command.words.length > 0 ? `'2:word:(${command.words.join(' ')})'` : "'*:file:_files'"} ;;`,
      );
    return `#compdef ${main.name}
# zsh: ${main.name} completion zsh > a folder of $fpath/_${main.name}
_${main.name}() {
  case "$words[2]" in
${cases.join('\n')}
    *)
      _arguments ${specs(main)} '1: :_${main.name}_first' '*:file:_files' ;;
  esac
}
_${main.name}_first() {
  local -a commands=(${commands.map(({ name, description }) => quoted(`${name}:${zshText(description)}`)).join(' ')})
  _describe command commands
  _files
}
compdef _${main.name} ${main.name}
`;
  },
  fish: (main, commands) => {
    const names = commands.map(({ name }) => name).join(' ');
    const options = (command: Completed, when: string): string[] =>
      command.options.map(({ flags, takesValue, description }) => {
        const named = flags
          .map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
          .join(' ');
        return `complete -c ${main.name} -n ${quoted(when)} ${named}${valuesOf(flags, (values) => ` -x -a ${quoted(values)}`) ?? (takesValue ? ' -r' : '')} -d ${quoted(description)}`;
      });
    return [
      `# fish: ${main.name} completion fish > ~/.config/fish/completions/${main.name}.fish`,
      ...commands.map(
        ({ name, description }) =>
          `complete -c ${main.name} -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
      ),
      ...withWords(commands).map(
        ({ name, words }) =>
          `complete -c ${main.name} -f -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -a ${quoted(words.join(' '))}`,
      ),
      ...options(main, `not __fish_seen_subcommand_from ${names}`),
      ...commands.flatMap((command) => options(command, `__fish_seen_subcommand_from ${command.name}`)),
      '',
    ].join('\n');
  },
};

function withWords(commands: readonly Completed[]): readonly Completed[] {
  return commands.filter(({ words }) => words.length > 0);
}

function flagsOf({ options }: Completed): string[] {
  return options.flatMap(({ flags }) => [...flags]);
}

/** The values of an option as a shell lists them; undefined where they are files or anything. */
function valuesOf(flags: readonly string[], list: (values: string) => string): string | undefined {
  const values = flags.flatMap((flag) => VALUES[flag] ?? []);
  return values.length === 0 ? undefined : list(values.join(' '));
}

/** In single quotes, for all three shells. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`;
}

function zshText(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&');
}
