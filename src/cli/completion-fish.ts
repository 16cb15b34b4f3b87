import type { Place } from './completion';

/** For fish, with a description of each word. */
export function fishCompletion(places: readonly Place[]): string {
  const deeper = places.slice(1).map(({ words }) => quoted(words));
  return `# Completion of tickwire for fish, made by \`tickwire completion fish\`.
function __tickwire_at
  set -l place tickwire
  for word in (commandline -opc)[2..-1]
    switch "$place $word"
      case ${deeper.join(' ')}
        set place "$place $word"
    end
  end
  test "$place" = "$argv[1]"
end
${places.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ words, candidates, values }: Place): string[] {
  const at = `complete -c tickwire -n ${quoted(`__tickwire_at "${words}"`)}`;
  return candidates.map(({ word, description }) => {
    if (!word.startsWith('--')) return `${at} -f -a ${quoted(word)} -d ${quoted(description)}`;
    const choices = values.find(({ option }) => option === word)?.choices;
    const value = choices ? ` -x -a ${quoted(choices.join(' '))}` : '';
    return `${at} -l ${word.slice(2)}${value} -d ${quoted(description)}`;
  });
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
