namespace Pharos.Query.LogQL.Pipeline;

/// <summary>What was found out about short texts, which come again and again in lines: methods, states, levels.</summary>
/// <remarks>Not thread-safe. A few entries in fixed places: a new text takes the place of an old one.</remarks>
internal sealed class ShortTexts<T>
{
    private const int MaxBytes = 7;
    private const int Bits = 5;

    private readonly (ulong Packed, T Value)[] _entries = new (ulong, T)[1 << Bits];

    /// <summary>A text as a number, no two the same, none zero.</summary>
    /// <returns>False where it is too long.</returns>
    public static bool TryPack(ReadOnlySpan<byte> text, out ulong packed)
    {
        packed = (ulong)text.Length + 1;
        if (text.Length > MaxBytes)
        {
            return false;
        }
        foreach (var letter in text)
        {
            packed = (packed << 8) | letter;
        }
        return true;
    }

    public bool TryGet(ulong packed, out T value)
    {
        ref readonly var entry = ref _entries[Place(packed)];
        value = entry.Value;
        return entry.Packed == packed;
    }

    public void Set(ulong packed, T value) => _entries[Place(packed)] = (packed, value);

    private static int Place(ulong packed) => (int)((packed * 0x9e37_79b9_7f4a_7c15) >> (64 - Bits));
}
