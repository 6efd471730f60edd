using System.IO.Hashing;

namespace Pharos.Query.LogQL.Pipeline.Probing;

/// <summary>The fields that were met in JSON lines, by the bytes before their values.</summary>
/// <remarks>Not thread-safe. The same bytes behind as many open objects always lead to the same name, so that whoever has read them once
/// need not do so again.</remarks>
internal sealed class JsonLayout
{
    /// <summary>Names come from lines: what is met when there are as many is not kept.</summary>
    private const int MaxFields = 256;

    /// <summary>Longer ones are not kept.</summary>
    private const int MaxBytes = 256;

    private readonly JsonField?[] _table = new JsonField?[2 * MaxFields];
    private int _count;

    /// <summary>Before the first value of a line.</summary>
    public JsonField Start { get; } = new([], 0, default);

    /// <summary>Between two blocks: forgets all where there was too much.</summary>
    public void MakeRoom()
    {
        if (_count == MaxFields)
        {
            Array.Clear(_table);
            _count = 0;
            Start.Forget();
        }
    }

    /// <summary>Keeps what was read.</summary>
    /// <param name="before">The field before; null where it is not known.</param>
    /// <param name="bytes">Between its value and that of the field.</param>
    /// <param name="depthBefore">How many objects were open before them.</param>
    /// <param name="step">What they lead to.</param>
    /// <returns>The field; null where there is no room.</returns>
    public JsonField? Learn(JsonField? before, ReadOnlySpan<byte> bytes, int depthBefore, in JsonStep step)
    {
        if (bytes.Length > MaxBytes)
        {
            return null;
        }
        var at = (int)(XxHash3.HashToUInt64(bytes, depthBefore) & ((2 * MaxFields) - 1));
        while (_table[at] is { } known)
        {
            if (known.DepthBefore == depthBefore && known.Step.Kind == step.Kind && known.Bytes.SequenceEqual(bytes))
            {
                before?.Expect(known);
                return known;
            }
            at = (at + 1) & ((2 * MaxFields) - 1);
        }
        if (_count == MaxFields)
        {
            return null;
        }
        _count++;
        var field = new JsonField(bytes, depthBefore, step);
        _table[at] = field;
        before?.Expect(field);
        return field;
    }
}
