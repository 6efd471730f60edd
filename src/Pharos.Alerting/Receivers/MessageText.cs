using System.Text;

namespace Pharos.Alerting.Receivers;

/// <summary>What fits into the fields of the services.</summary>
internal static class MessageText
{
    private const string Ellipsis = "…";
    private const int EllipsisBytes = 3;

    /// <summary>At most <paramref name="maxRunes"/> code points, the last one an ellipsis where something was cut; of three
    /// or fewer none is spent on an ellipsis.</summary>
    public static string Truncate(string text, int maxRunes)
    {
        var kept = 0;
        var end = 0;
        var endBeforeLast = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (kept == maxRunes)
            {
                return maxRunes <= 3 ? text[..end] : text[..endBeforeLast] + Ellipsis;
            }
            kept++;
            endBeforeLast = end;
            end += rune.Utf16SequenceLength;
        }
        return text;
    }

    /// <summary>At most <paramref name="maxBytes"/> bytes of UTF-8, the last three an ellipsis where something was cut. A
    /// character is never cut in two.</summary>
    public static string TruncateBytes(string text, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }
        if (maxBytes < EllipsisBytes)
        {
            return new string('.', maxBytes);
        }
        var room = maxBytes - EllipsisBytes;
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }
            end += rune.Utf16SequenceLength;
        }
        return text[..end] + Ellipsis;
    }
}
