using System.Text.Json;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Alerts;

/// <summary>Shows silences as amtool does: those that end first come first.</summary>
internal static class SilencePrinter
{
    public static void Print(IReadOnlyList<JsonElement> silences, bool quiet, AmtoolSettings settings)
    {
        if (quiet)
        {
            foreach (var silence in silences)
            {
                Console.Out.WriteLine(Text(silence, "id"));
            }
            return;
        }
        if (settings.Output is OutputFormat.Json)
        {
            Console.Out.WriteLine($"[{string.Join(',', silences.Select(static silence => silence.GetRawText()))}]");
            return;
        }
        var isExtended = settings.Output is OutputFormat.Extended;
        var rows = new List<string[]>
        {
            isExtended ? (string[])["ID", "Matchers", "Starts At", "Ends At", "Updated At", "Created By", "Comment"]
                : ["ID", "Matchers", "Ends At", "Created By", "Comment"],
        };
        foreach (var silence in silences.OrderBy(static silence => silence.GetProperty("endsAt").GetDateTimeOffset()))
        {
            string Date(string name) => settings.Date(silence.GetProperty(name).GetDateTimeOffset());
            rows.Add(isExtended
                ? (string[])[Text(silence, "id"), $"{{{Matchers(silence, ",")}}}", Date("startsAt"), Date("endsAt"), Date("updatedAt"),
                    Text(silence, "createdBy"), Text(silence, "comment")]
                : [Text(silence, "id"), Matchers(silence), Date("endsAt"), Text(silence, "createdBy"), Text(silence, "comment")]);
        }
        Table.Print(rows);
    }

    public static string Matchers(JsonElement silence, string separator = " ") =>
        string.Join(separator, silence.GetProperty("matchers").EnumerateArray().Select(Matcher));

    private static string Text(JsonElement silence, string name) => silence.GetProperty(name).GetString() ?? "";

    private static string Matcher(JsonElement matcher)
    {
        var isRegex = matcher.GetProperty("isRegex").GetBoolean();
        var isEqual = !matcher.TryGetProperty("isEqual", out var equal) || equal.GetBoolean();
        var symbol = (isEqual, isRegex) switch
        {
            (true, false) => "=",
            (true, true) => "=~",
            (false, false) => "!=",
            _ => "!~",
        };
        return $"{Text(matcher, "name")}{symbol}{GoQuote.Quote(Text(matcher, "value"))}";
    }
}
