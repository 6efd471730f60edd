
namespace Pharos.Alerting.Receivers;

/// <summary>What fits into the fields of the services.</summary>
internal static class MessageText
{
    /// <summary>At most <paramref name="maxRunes"/> code points, the last one an ellipsis where something was cut.</summary>
    public static string Truncate(string text, int maxRunes)
    {
        var kept = 0;
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (kept == maxRunes - 1 && end + rune.Utf16SequenceLength < text.Length)
            {
                return text[..end] + "…";
            }
            kept++;
            end += rune.Utf16SequenceLength;
        }
        return text;
    }
}
