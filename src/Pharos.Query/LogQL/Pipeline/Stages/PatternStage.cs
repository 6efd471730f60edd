using Pharos.Query.LogQL.Forms;
using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>The captures of a pattern as labels. A first literal must begin the line; where a literal is missing, the capture before it takes
/// the rest, and the ones behind it are not set.</summary>
internal sealed class PatternStage(LogStage.Pattern stage, LabelKeys keys) : LineStage
{
    private readonly (byte[]? Literal, LabelKey? Key)[] _parts = [.. LinePattern.ParseNamed(stage.Text).Parts
        .Select(part => (part.Literal, part.Name is null ? null : keys.Pin(part.Name)))];

    public override bool Apply(ref LogLine line)
    {
        var rest = line.Text;
        var i = 0;
        if (rest.IsEmpty)
        {
            return true;
        }
        if (_parts[0].Literal is { } first)
        {
            if (!rest.StartsWith(first))
            {
                return true;
            }
            rest = rest[first.Length..];
            i = 1;
        }
        for (; i < _parts.Length; i += 2)
        {
            var end = i + 1 < _parts.Length ? rest.IndexOf(_parts[i + 1].Literal) : -1;
            if (_parts[i].Key is { } name && line.Labels.Extract(name) is { } key)
            {
                line.Labels.Set(key, end < 0 ? rest : rest[..end]);
            }
            if (end < 0)
            {
                break;
            }
            rest = rest[(end + _parts[i + 1].Literal!.Length)..];
        }
        return true;
    }
}
