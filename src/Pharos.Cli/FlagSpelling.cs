using System.CommandLine;

namespace Pharos.Cli;

/// <summary>Brings flags to one spelling: one dash or two, <c>--no-x</c>, and an error that names the nearest known one.</summary>
internal static class FlagSpelling
{
    /// <summary>A known flag is offered when at most this many letters differ.</summary>
    private const int MaxDistance = 8;

    /// <returns>The arguments as the parser wants them, or null with the reason why not.</returns>
    public static IReadOnlyList<string>? Normalize(Command root, IReadOnlyList<string> args, out string error)
    {
        var command = root;
        var known = Known(command);
        var normal = new List<string>(args.Count);
        var takesValue = false;
        error = "";
        for (var i = 0; i < args.Count; i++)
        {
            var argument = args[i];
            if (argument == "--")
            {
                normal.AddRange(args.Skip(i));
                break;
            }
            if (takesValue || argument.Length < 2 || argument[0] != '-' || char.IsAsciiDigit(argument[1]))
            {
                normal.Add(argument);
                if (!takesValue && command.Subcommands.FirstOrDefault(sub => sub.Name == argument) is { } sub)
                {
                    command = sub;
                    known = Known(command, known);
                }
                takesValue = false;
                continue;
            }
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = argument[..(equals < 0 ? argument.Length : equals)].TrimStart('-');
            var rest = equals < 0 ? "" : argument[equals..];
            if (known.TryGetValue(name, out var option))
            {
                if (rest == "=" && option is not null && option.ValueType != typeof(bool))
                {
                    // An empty value, which the parser takes for a missing one.
                    normal.AddRange([Spell(name), ""]);
                    continue;
                }
                normal.Add(Spell(name) + rest);
                takesValue = equals < 0 && option is not null && option.ValueType != typeof(bool);
            }
            else if (name.StartsWith("no-", StringComparison.Ordinal) && equals < 0
                && known.TryGetValue(name[3..], out var negated) && negated?.ValueType == typeof(bool))
            {
                normal.Add($"{Spell(name[3..])}=false");
            }
            else
            {
                error = $"unknown flag {Spell(name)}{Hint(name, known.Keys)}";
                return null;
            }
        }
        return normal;
    }

    private static string Spell(string name) => name.Length == 1 ? "-" + name : "--" + name;

    private static Dictionary<string, Option?> Known(Command command, Dictionary<string, Option?>? above = null)
    {
        var known = above is null ? new Dictionary<string, Option?>(StringComparer.Ordinal) : new(above, StringComparer.Ordinal);
        // These the parser brings itself.
        foreach (var own in (string[])["help", "h", "?", "version"])
        {
            known[own] = null;
        }
        foreach (var option in command.Options)
        {
            known[option.Name.TrimStart('-')] = option;
            foreach (var alias in option.Aliases)
            {
                known[alias.TrimStart('-')] = option;
            }
        }
        return known;
    }

    private static string Hint(string name, IEnumerable<string> known)
    {
        var nearest = known.Where(candidate => candidate.Length > 1)
            .Select(candidate => (candidate, Distance: Distance(name, candidate)))
            .OrderBy(pair => pair.Distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.candidate is not null && nearest.Distance <= Math.Min(MaxDistance, name.Length)
            ? $"; did you mean {Spell(nearest.candidate)}?" : "";
    }

    /// <summary>Levenshtein's distance: insertions, deletions and replacements.</summary>
    internal static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
