using System.Globalization;

namespace Pharos.Storage.Traces;

/// <summary>The value of one attribute, typed as the client sent it.</summary>
public readonly struct AttributeValue : IEquatable<AttributeValue>
{
    private readonly long _bits;
    private readonly object? _content;

    private AttributeValue(AttributeKind kind, long bits, object? content)
    {
        Kind = kind;
        _bits = bits;
        _content = content;
    }

    public static AttributeValue Empty => new(AttributeKind.Empty, 0, null);

    public AttributeKind Kind { get; }

    /// <summary>Of text, and the JSON of arrays and maps.</summary>
    public string Text => (string?)_content ?? "";

    public bool Bool => _bits != 0;

    public long Int => _bits;

    public double Double => BitConverter.Int64BitsToDouble(_bits);

    public ReadOnlyMemory<byte> Bytes => (byte[]?)_content ?? [];

    public static AttributeValue OfText(string text) => new(AttributeKind.Text, 0, text);

    public static AttributeValue OfBool(bool value) => new(AttributeKind.Bool, value ? 1 : 0, null);

    public static AttributeValue OfInt(long value) => new(AttributeKind.Int, value, null);

    public static AttributeValue OfDouble(double value) => new(AttributeKind.Double, BitConverter.DoubleToInt64Bits(value), null);

    /// <param name="kind"><see cref="AttributeKind.Bool"/>, <see cref="AttributeKind.Int"/> or <see cref="AttributeKind.Double"/>.</param>
    internal static AttributeValue OfBits(AttributeKind kind, long bits) => new(kind, bits, null);

    public static AttributeValue OfBytes(byte[] value) => new(AttributeKind.Bytes, 0, value);

    /// <param name="kind"><see cref="AttributeKind.Array"/> or <see cref="AttributeKind.Map"/>.</param>
    public static AttributeValue OfJson(AttributeKind kind, string json) => new(kind, 0, json);

    public bool Equals(AttributeValue other) => Kind == other.Kind && _bits == other._bits
        && (Kind == AttributeKind.Bytes ? Bytes.Span.SequenceEqual(other.Bytes.Span) : Text == other.Text);

    public override bool Equals(object? obj) => obj is AttributeValue other && Equals(other);

    public override int GetHashCode() => Kind == AttributeKind.Bytes ? HashCode.Combine(Kind, Bytes.Length) : HashCode.Combine(Kind, _bits, _content);

    public static bool operator ==(AttributeValue left, AttributeValue right) => left.Equals(right);

    public static bool operator !=(AttributeValue left, AttributeValue right) => !left.Equals(right);

    /// <summary>As searches that know no types compare it: <c>true</c>, <c>42</c>, Go's shortest form of a double, base64 of bytes.</summary>
    public override string ToString() => Kind switch
    {
        AttributeKind.Bool => Bool ? "true" : "false",
        AttributeKind.Int => Int.ToString(CultureInfo.InvariantCulture),
        AttributeKind.Double => Storage.Text.GoFloat.FormatG(Double),
        AttributeKind.Bytes => Convert.ToBase64String(Bytes.Span),
        _ => Text,
    };
}
