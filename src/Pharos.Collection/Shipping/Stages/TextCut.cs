namespace Pharos.Collection.Shipping.Stages;

/// <summary>Cuts texts to a number of bytes without halving a character.</summary>
internal static class TextCut
{
    public static string ToBytes(string text, int maxBytes)
    {
        var bytes = 0;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }
            at += rune.Utf16SequenceLength;
        }
        return text[..at];
    }
}
