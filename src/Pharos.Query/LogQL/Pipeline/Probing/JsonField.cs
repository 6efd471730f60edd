using System.Runtime.Intrinsics;

namespace Pharos.Query.LogQL.Pipeline.Probing;

/// <summary>A field of JSON lines as its bytes were met: all from behind the value before it to its own, say <c>,"status":</c>, and which
/// fields came after it.</summary>
/// <remarks>What is exploited: lines of one program have the same fields in the same order, so that the bytes between two values can be
/// compared at once instead of being read. Belongs to one <see cref="JsonLayout"/>.</remarks>
internal sealed class JsonField
{
    private readonly Vector256<byte> _first;
    private readonly uint _mask;
    private readonly byte[] _bytes;
    private JsonField? _next;
    private JsonField? _other;

    /// <param name="bytes">Between two values, the first quote of a text included.</param>
    /// <param name="depthBefore">How many objects were open before them.</param>
    /// <param name="step">What they lead to.</param>
    public JsonField(ReadOnlySpan<byte> bytes, int depthBefore, in JsonStep step)
    {
        _bytes = bytes.ToArray();
        (DepthBefore, Step) = (depthBefore, step);
        if (bytes.Length <= Vector256<byte>.Count)
        {
            Span<byte> first = stackalloc byte[Vector256<byte>.Count];
            first.Clear();
            bytes.CopyTo(first);
            _first = Vector256.Create<byte>(first);
            _mask = (uint)((1UL << bytes.Length) - 1);
        }
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    public int Length => _bytes.Length;

    public int DepthBefore { get; }

    public JsonStep Step { get; }

    /// <summary>The field that follows here, if it is one of the two that followed last.</summary>
    /// <param name="text">May go on behind the line.</param>
    /// <param name="at">Behind this field's value.</param>
    /// <param name="end">Of the line.</param>
    public JsonField? After(ReadOnlySpan<byte> text, int at, int end)
    {
        if (_next is not { } next)
        {
            return null;
        }
        if (next.IsAt(text, at, end))
        {
            return next;
        }
        if (_other is not { } other || !other.IsAt(text, at, end))
        {
            return null;
        }
        (_next, _other) = (other, next);
        return other;
    }

    /// <summary>From now on this field is looked for behind this one.</summary>
    public void Expect(JsonField next)
    {
        if (!ReferenceEquals(_next, next))
        {
            (_next, _other) = (next, _next);
        }
    }

    /// <summary>Forgets what came after it.</summary>
    public void Forget() => (_next, _other) = (null, null);

    private bool IsAt(ReadOnlySpan<byte> text, int at, int end)
    {
        var value = at + _bytes.Length;
        if (value >= end)
        {
            return value == end && Step.Kind == JsonFieldKind.End && text[at..end].SequenceEqual(_bytes);
        }
        if (_mask != 0 && at + Vector256<byte>.Count <= text.Length)
        {
            var same = Vector256.Equals(Vector256.Create(text.Slice(at, Vector256<byte>.Count)), _first).ExtractMostSignificantBits();
            return (~same & _mask) == 0 && IsKind(text[value]);
        }
        return text[at..value].SequenceEqual(_bytes) && IsKind(text[value]);
    }

    /// <summary>Whether a value of the kind may begin so: of a text the quote is among the bytes.</summary>
    private bool IsKind(byte first) => Step.Kind switch
    {
        JsonFieldKind.Number => first == '-' || char.IsAsciiDigit((char)first),
        JsonFieldKind.Object => first == '{' && !Step.IsWanted,
        JsonFieldKind.Other => first is (byte)'t' or (byte)'f' or (byte)'n' or (byte)'[',
        _ => true,
    };
}
