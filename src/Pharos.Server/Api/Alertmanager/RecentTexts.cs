using System.Text;

namespace Pharos.Server.Api.Alertmanager;

/// <summary>Texts of bodies that were read lately: the names, and most values, of labels are the same in every alert and every post.</summary>
/// <remarks>Thread-safe: a text that another thread has just replaced is made anew.</remarks>
internal static class RecentTexts
{
    /// <summary>A power of two.</summary>
    private const int Places = 2048;

    private const int MaxBytes = 128;
    private const uint OffsetBasis = 2166136261;
    private const uint Prime = 16777619;

    private static readonly string?[] Texts = new string?[Places];

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > MaxBytes)
        {
            return Encoding.UTF8.GetString(utf8);
        }
        var hash = OffsetBasis;
        foreach (var b in utf8)
        {
            hash = (hash ^ b) * Prime;
        }
        ref var place = ref Texts[(hash ^ (hash >> 16)) & (Places - 1)];
        var known = Volatile.Read(ref place);
        if (known is not null && IsSame(known, utf8))
        {
            return known;
        }
        var text = Encoding.UTF8.GetString(utf8);
        Volatile.Write(ref place, text);
        return text;
    }

    /// <summary>Of ASCII alone; other text is made anew each time.</summary>
    private static bool IsSame(string text, ReadOnlySpan<byte> utf8)
    {
        if (text.Length != utf8.Length)
        {
            return false;
        }
        for (var i = 0; i < utf8.Length; i++)
        {
            if (text[i] != utf8[i] || utf8[i] > 0x7f)
            {
                return false;
            }
        }
        return true;
    }
}
