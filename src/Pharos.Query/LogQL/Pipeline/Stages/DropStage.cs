using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>Takes labels away; with <c>__error__</c>, the error.</summary>
internal sealed class DropStage(LogStage.Drop stage, LabelKeys keys) : LineStage
{
    private readonly (LabelKey Key, ValueTest? Test)[] _dropped =
        [.. stage.Labels.Select(label => (keys.Pin(label.Label), label.Matcher is null ? null : new ValueTest(label.Matcher)))];

    public override bool Apply(ref LogLine line)
    {
        foreach (var (key, test) in _dropped)
        {
            if (line.Labels.TryGet(key, out var value) && (test is null || test.Matches(value)))
            {
                line.Labels.Delete(key);
            }
        }
        return true;
    }
}
