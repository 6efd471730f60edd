using Pharos.Storage.Text;

namespace Pharos.Collection.Shipping.Stages.Parsing;

/// <summary><c>regex</c>: the named groups of the first match become extracted values.</summary>
public sealed class RegexStage(GoRegex expression, string? source, bool labelsFromGroups) : IStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        if (entry.Input(source) is { } input && expression.Match(input) is { Success: true } match)
        {
            foreach (var (name, group) in expression.GroupNames)
            {
                var value = match.Value(group);
                entry.Extracted[name] = value;
                if (labelsFromGroups)
                {
                    entry.Labels.Set(name, value);
                }
            }
        }
        next.Take(entry);
    }
}
