const failure =
  /^(?:fatal:|error:|bash:|sh:|\/bin\/sh:|zsh:|ERROR:|usage: git|curl: \(\d+\)|wget: |warning: You appear|Could not|E: |npm (?:ERR!|error)|go: .*(?:dial|lookup|no matching)|ssh: |No stash entries|No such|Traceback)|Could not resolve host|Network is unreachable|Temporary failure in name resolution|command not found|unknown revision|not a git repository|Permission denied|Connection (?:refused|timed out)|No matching distribution|ambiguous argument|did not match any file|bad (?:object|revision)|Failed to connect|Name or service not known|getaddrinfo|EAI_AGAIN|ENOTFOUND|No such file or directory|NewConnectionError|is not a valid ref|does not exist/m;
const networkFailure =
  /Could not resolve|Network is unreachable|name resolution|Connection (?:refused|timed out)|Failed to connect|Name or service not known|getaddrinfo|EAI_AGAIN|ENOTFOUND|NewConnectionError|No matching distribution|dial tcp|Max retries exceeded/;
const trailer =
  /^(?:\[(?:The command completed|Current working directory|Python interpreter|Command finished|Below is|Command .*exit code)[^\n]*\]|<\/?(?:returncode|output|warning)>.*|Your command ran successfully and did not produce any output\.?|\(no output\)|<returncode>\d+<\/returncode>|Exit code: \d+|EXIT_CODE=\d+|OBSERVATION:)$/;

/** What a tool gave back, without what the harness put around it. */
function outputOf(observation: string): string {
  const text = observation.length > 400_000 ? observation.slice(0, 400_000) : observation;
  return text
    .split('\n')
    .filter((line) => !trailer.test(line.trim()))
    .join('\n')
    .trim();
}

/** Whether an observation shows anything but failure. */
export function showsSomething(observation: string): boolean {
  const output = outputOf(observation);
  if (output === '') return false;
  if (!failure.test(output)) return true;
  // A failure among other output: what is left without the lines that name it?
  const rest = output
    .split('\n')
    .filter(
      (line) =>
        line.trim() !== '' &&
        !failure.test(line) &&
        !/^(?:hint:|Use '--'|'git <command>|and the repository exists|Please make sure|\s*\^|\s+File |WARNING|warning:)/.test(line.trim()),
    );
  return rest.length > 3 && !networkFailure.test(output);
}
