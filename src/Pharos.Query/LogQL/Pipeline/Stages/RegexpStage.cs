using System.Text;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Text;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>The named groups of an expression as labels; a line that it does not match stays as it is.</summary>
internal sealed class RegexpStage(LogStage.Regexp stage, LabelKeys keys) : LineStage
{
    private readonly GoRegexBytes _matches = GoRegexBytes.Unanchored(stage.Expression);
    private readonly GoRegex _regex = GoRegex.Unanchored(stage.Expression);
    private readonly (int Group, LabelKey Key)[] _groups =
        [.. GoRegex.Unanchored(stage.Expression).GroupNames.OrderBy(static pair => pair.Value).Select(pair => (pair.Value, keys.Pin(pair.Key)))];

    public override bool Apply(ref LogLine line)
    {
        // To find that there is a match is much cheaper than to find its groups.
        if (!_matches.IsMatch(line.Text) || _regex.Match(Encoding.UTF8.GetString(line.Text)) is not { Success: true } match)
        {
            return true;
        }
        foreach (var (group, name) in _groups)
        {
            if (line.Labels.Extract(name) is { } key)
            {
                line.Labels.Set(key, Encoding.UTF8.GetBytes(match.Value(group)));
            }
        }
        return true;
    }
}
