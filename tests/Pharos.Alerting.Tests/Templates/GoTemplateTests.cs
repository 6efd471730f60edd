using Pharos.Alerting.Templates;

namespace Pharos.Alerting.Tests.Templates;

/// <summary>testdata/go-template.txt: a template behind <c>&gt;</c>, then its output behind <c>=</c> or its error behind
/// <c>!</c>, as Go's text/template gives it on the same data.</summary>
public sealed class GoTemplateTests
{
    public static TheoryData<string, string> Table()
    {
        var table = new TheoryData<string, string>();
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Templates", "testdata", "go-template.txt"));
        for (var i = 0; i + 1 < lines.Length; i += 2)
        {
            table.Add(lines[i][2..], Unescape(lines[i + 1]));
        }
        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_template_gives_what_Go_gives(string template, string expected) =>
        Assert.Equal(expected, Render(template));

    internal static string Render(string template)
    {
        try
        {
            return "= " + NotificationTemplates.BuiltIn.RenderText(template, Some.Notification);
        }
        catch (TemplateException problem)
        {
            return "! " + problem.Message;
        }
    }

    private static string Unescape(string line) => line.Replace("\\\\", "\0", StringComparison.Ordinal)
        .Replace("\\n", "\n", StringComparison.Ordinal).Replace('\0', '\\');
}
