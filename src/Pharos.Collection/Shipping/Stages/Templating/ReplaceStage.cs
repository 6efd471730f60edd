using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Collection.Shipping.Stages.Templating;

/// <summary><c>replace</c>: what the groups of an expression match is replaced by what a template makes of it; named groups become
/// extracted values with the replacement.</summary>
public sealed class ReplaceStage(GoRegex expression, string? source, LineTemplate template) : IStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        if (entry.Input(source) is { } input)
        {
            Replace(entry, input);
        }
        next.Take(entry);
    }

    private void Replace(ShippedEntry entry, string input)
    {
        var result = new StringBuilder();
        var replaced = new Dictionary<string, string>(StringComparer.Ordinal);
        GoRegexMatch? first = null;
        var copied = 0;
        foreach (var match in expression.Matches(input))
        {
            first ??= match;
            for (var group = 1; group <= expression.GroupCount; group++)
            {
                if (match.Place(group) is not { } place || template.Run(entry, match.Value(group), null) is not { } text)
                {
                    continue;
                }
                // A group inside another that is replaced already is gone.
                if (copied <= place.Start)
                {
                    result.Append(input, copied, place.Start - copied).Append(text);
                    copied = place.End;
                }
                replaced[match.Value(group)] = text;
            }
        }
        if (first is null)
        {
            return;
        }
        result.Append(input, copied, input.Length - copied);
        if (source is null)
        {
            entry.Line = result.ToString();
        }
        else
        {
            entry.Extracted[source] = result.ToString();
        }
        foreach (var (name, group) in expression.GroupNames)
        {
            if (replaced.TryGetValue(first.Value.Value(group), out var text))
            {
                entry.Extracted[name] = text;
            }
        }
    }
}
