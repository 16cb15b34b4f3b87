import type { Place } from './completion';

/** For bash 3.2 and newer, as macOS has it. Files are completed where nothing else fits. */
export function bashCompletion(places: readonly Place[]): string {
  const deeper = places.slice(1).map(({ words }) => `'${words}'`);
  const values = places.flatMap(({ words, values: all }) =>
    all.map(({ option, choices }) => `    '${words} ${option}') words='${choices.join(' ')}' ;;`),
  );
  const candidates = places.map(
    ({ words, candidates: all }) => `      '${words}') words='${all.map(({ word }) => word).join(' ')}' ;;`,
  );
  return `# Completion of tickwire for bash, made by \`tickwire completion bash\`.
_tickwire() {
  local place=tickwire words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$place \${COMP_WORDS[i]}" in
      ${deeper.join(' | ')}) place="$place \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$place \${COMP_WORDS[COMP_CWORD - 1]}" in
${values.join('\n')}
    *) case "$place" in
${candidates.join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _tickwire tickwire
`;
}
