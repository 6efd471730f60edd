using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>Takes all labels away but some, and never an error.</summary>
internal sealed class KeepStage(LogStage.Keep stage, LabelKeys keys) : LineStage
{
    private readonly (LabelKey Key, ValueTest? Test)[] _kept =
        [.. stage.Labels.Select(label => (keys.Pin(label.Label), label.Matcher is null ? null : new ValueTest(label.Matcher)))];

    public override bool Apply(ref LogLine line)
    {
        var labels = line.Labels;
        for (var i = 0; i < labels.Count; i++)
        {
            if (labels.Counts(i) && labels.KeyOf(i).Name != LineErrors.PreserveLabel && !IsKept(labels.KeyOf(i), labels.ValueOf(i)))
            {
                labels.Delete(labels.KeyOf(i));
            }
        }
        return true;
    }

    private bool IsKept(LabelKey key, ReadOnlySpan<byte> value)
    {
        foreach (var (kept, test) in _kept)
        {
            if (ReferenceEquals(kept, key) && (test is null || test.Matches(value)))
            {
                return true;
            }
        }
        return false;
    }
}
