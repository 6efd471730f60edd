namespace Pharos.Alerting.Receivers.Telegram;

/// <summary>How long Telegram takes a message in its HTML to be: tags do not count, an entity is one character.</summary>
internal static class TelegramMarkup
{
    private const int LongestEntity = 10;

    public static int VisibleRunes(string html)
    {
        var count = 0;
        for (var i = 0; i < html.Length;)
        {
            if (html[i] == '<' && html.IndexOf('>', i) is var close && close > 0)
            {
                i = close + 1;
                continue;
            }
            i += html[i] == '&' && EntityLength(html.AsSpan(i)) is var length and > 0 ? length
                : char.IsHighSurrogate(html[i]) && i + 1 < html.Length ? 2 : 1;
            count++;
        }
        return count;
    }

    /// <summary>Zero where the ampersand is only an ampersand.</summary>
    private static int EntityLength(ReadOnlySpan<char> text)
    {
        var end = text[..Math.Min(text.Length, LongestEntity)].IndexOf(';');
        return end < 2 ? 0 : text[1..end] switch
        {
            "lt" or "gt" or "amp" or "quot" => end + 1,
            ['#', 'x', .. var digits] when digits.Length > 0 && digits.IndexOfAnyExcept("0123456789abcdefABCDEF") < 0 => end + 1,
            ['#', .. var digits] when digits.Length > 0 && digits.IndexOfAnyExceptInRange('0', '9') < 0 => end + 1,
            _ => 0,
        };
    }
}
