/**
 * What the index does where a script may run: a field that filters the table of incidents, and heads that sort it. Without it
 * the page is whole. Its hash stands in the page's content policy; it writes text alone, never HTML.
 */
export const INDEX_SCRIPT = `
const table = document.querySelector('table.incidents');
if (table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const field = document.createElement('input');
  field.type = 'search';
  const label = document.createElement('label');
  label.append('Only rows with ', field);
  const shown = document.createElement('span');
  shown.className = 'soft';
  shown.setAttribute('aria-live', 'polite');
  const line = document.createElement('p');
  line.className = 'filter';
  line.append(label, ' ', shown);
  table.before(line);
  field.addEventListener('input', () => {
    const words = field.value.toLowerCase().split(' ');
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) count += 1;
    }
    shown.textContent = field.value === '' ? '' : count + ' of ' + rows.length;
  });
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value === undefined ? cell.textContent : Number(cell.dataset.value);
  };
  [...table.tHead.rows[0].cells].forEach((head, column, heads) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const sorted = [...rows].sort((one, two) => {
        const [a, b] = [valueOf(one, column), valueOf(two, column)];
        return (a < b ? -1 : a > b ? 1 : 0) * (up ? 1 : -1);
      });
      body.append(...sorted);
    });
  });
}
`;
