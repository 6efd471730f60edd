using System.Globalization;
using System.IO.Hashing;

namespace Pharos.Storage.Traces.Pages;

/// <summary>The hash of a key and a value, alike for values that some operator calls equal.</summary>
/// <remarks>Numbers are hashed as doubles, all else as text: a text that reads as a number is asked for both ways.</remarks>
internal static class AttributeHash
{
    private const int MaxOnStack = 512;

    public static long SeedOf(string key) => (long)OfText(key, 0);

    public static long SeedOf(ReadOnlySpan<byte> key) => (long)OfText(key, 0);

    public static ulong Of(long keySeed, AttributeValue value) => value.Kind switch
    {
        AttributeKind.Int => OfNumber(keySeed, value.Int),
        AttributeKind.Double when double.IsFinite(value.Double) => OfNumber(keySeed, value.Double),
        _ => OfText(value.ToString(), keySeed),
    };

    /// <summary>Stands for any list: those satisfy every comparison, see <see cref="Search.SpanOperator"/>.</summary>
    public static ulong OfList(long keySeed) => OfText("\u0001list", keySeed);

    /// <summary>False where the text cannot be that of a number.</summary>
    public static bool TryOfNumber(long keySeed, string text, out ulong hash)
    {
        hash = 0;
        if (text.Length == 0 || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            return false;
        }
        hash = OfNumber(keySeed, number);
        return true;
    }

    public static ulong OfText(string text, long seed)
    {
        var most = System.Text.Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> utf8 = most <= MaxOnStack ? stackalloc byte[MaxOnStack] : new byte[most];
        return OfText(utf8[..System.Text.Encoding.UTF8.GetBytes(text, utf8)], seed);
    }

    public static ulong OfText(ReadOnlySpan<byte> text, long seed) => XxHash3.HashToUInt64(text, seed);

    private static ulong OfNumber(long seed, double number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double) + 1];
        BitConverter.TryWriteBytes(bytes, number == 0 ? 0.0 : number);

        // No text has this length and this last byte.
        bytes[^1] = 0xff;
        return XxHash3.HashToUInt64(bytes, seed);
    }
}
