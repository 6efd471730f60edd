namespace Pharos.Collection.Hashing;

/// <summary>What a <see cref="TextHasher"/> makes of a text: 112 bits of hash, and above them the length.</summary>
/// <remarks>Two words and no <see cref="UInt128"/>: methods that take one of these are not compiled ahead of time.</remarks>
public readonly struct TextHash(ulong high, ulong low) : IEquatable<TextHash>
{
    private const int LengthShift = 48;

    public ulong High { get; } = high;

    public ulong Low { get; } = low;

    /// <summary>The length of the text; <see cref="ushort.MaxValue"/> for longer ones.</summary>
    public int Length => (int)(High >> LengthShift);

    public static bool operator ==(TextHash left, TextHash right) => left.Low == right.Low && left.High == right.High;

    public static bool operator !=(TextHash left, TextHash right) => !(left == right);

    /// <summary>The hash with a length in the place of its highest bits.</summary>
    public TextHash WithLength(int length) =>
        new((High & ~(~0UL << LengthShift)) | ((ulong)Math.Min(length, ushort.MaxValue) << LengthShift), Low);

    public bool Equals(TextHash other) => this == other;

    public override bool Equals(object? obj) => obj is TextHash other && this == other;

    public override int GetHashCode() => (int)Low;
}
