import { Argument, type Command, type Option } from 'commander';
import { withExample } from './arguments';
import { bashCompletion } from './completion-bash';
import { fishCompletion } from './completion-fish';
import { zshCompletion } from './completion-zsh';
import type { CommandDefinition } from './context';

/** What can be typed after the words of one command. */
export interface Place {
  /** The words, from the program's name on: `tickwire poll add`. */
  readonly words: string;
  /** Commands, choices of the next argument, and options. */
  readonly candidates: readonly Candidate[];
  /** Options whose value is one of a few. */
  readonly values: readonly { readonly option: string; readonly choices: readonly string[] }[];
}

export interface Candidate {
  readonly word: string;
  readonly description: string;
}

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
const SHELL_NAMES = Object.keys(SHELLS);

/** `tickwire completion SHELL`: a script that completes every command, option and choice of this very version. */
export const completion: CommandDefinition = (program, context) => {
  const command = program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELL_NAMES))
    .addHelpText('after', '\nIn ~/.bashrc: eval "$(tickwire completion bash)"; in ~/.zshrc: the same with zsh')
    .action((shell: keyof typeof SHELLS) => {
      const script = SHELLS[shell](placesOf(program));
      context.print({ shell, script }, () => script.trimEnd());
    });
  withExample(command, 'tickwire completion fish > ~/.config/fish/completions/tickwire.fish');
};

/** Every command of the tree below `program`, itself first. */
function placesOf(program: Command): readonly Place[] {
  const inherited = program.options;
  const walk = (command: Command, words: string): Place[] => {
    const options = [...new Set([...command.options, ...inherited])];
    const choices = command.registeredArguments.flatMap(({ argChoices, description }) =>
      (argChoices ?? []).map((word) => ({ word, description })),
    );
    const commands = command.commands.map((each) => ({ word: each.name(), description: each.description() }));
    const place = {
      words,
      candidates: [...commands, ...choices, ...options.flatMap(candidateOf), HELP],
      values: options.flatMap(valuesOf),
    };
    return [place, ...command.commands.flatMap((each) => walk(each, `${words} ${each.name()}`))];
  };
  return walk(program, program.name());
}

const HELP: Candidate = { word: '--help', description: 'display help for command' };

function candidateOf({ long, description }: Option): Candidate[] {
  return long ? [{ word: long, description }] : [];
}

function valuesOf({ long, argChoices }: Option) {
  return long && argChoices ? [{ option: long, choices: argChoices }] : [];
}
