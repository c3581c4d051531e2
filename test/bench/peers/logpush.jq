# Requests of a Logpush file per minute by status and by colo, and the fields of each 5xx.
reduce inputs as $row ({rows: 0, failed: 0, minutes: {}, kept: []};
  $row.EdgeStartTimestamp[0:16] as $minute
  | .rows += 1
  | .minutes[$minute].status[$row.EdgeResponseStatus | tostring] += 1
  | .minutes[$minute].colo[$row.EdgeColoCode] += 1
  | if $row.EdgeResponseStatus >= 500 then
      .failed += 1
      | .kept += [[$row.RayID, $row.EdgeStartTimestamp, $row.ClientRequestHost, $row.ClientRequestURI, $row.OriginResponseStatus]]
    else . end)
| {rows, failed}
