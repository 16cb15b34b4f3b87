import type { Candidate, Place } from './completion';

/** For zsh, with a description of each word. */
export function zshCompletion(places: readonly Place[]): string {
  const deeper = places.slice(1).map(({ words }) => quoted(words));
  const values = places.flatMap(({ words, values: all }) =>
    all.map(
      ({ option, choices }) =>
        `    ${quoted(`${words} ${option}`)}) compadd -- ${choices.map(quoted).join(' ')}; return ;;`,
    ),
  );
  const candidates = places.map(
    ({ words, candidates: all }) => `    ${quoted(words)}) found=(${all.map(described).join(' ')}) ;;`,
  );
  return `#compdef tickwire
# Completion of tickwire for zsh, made by \`tickwire completion zsh\`.
_tickwire() {
  local place=tickwire word
  local -a found
  for word in \${words[2,CURRENT-1]}; do
    case "$place $word" in
      ${deeper.join(' | ')}) place="$place $word" ;;
    esac
  done
  case "$place \${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  case "$place" in
${candidates.join('\n')}
  esac
  _describe tickwire found || _files
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _tickwire tickwire
`;
}

function described({ word, description }: Candidate): string {
  return quoted(`${word}:${description}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
