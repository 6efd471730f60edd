using Pharos.Alerting.Templates;
using Pharos.Query.Templates;

namespace Pharos.Alerting.Tests.Templates;

/// <summary>testdata/go-template.txt: a template behind <c>&gt;</c>, then its output behind <c>=</c> or its error behind
/// <c>!</c>, as Go's text/template gives it on the same data.</summary>
public sealed class GoTemplateTests
{
    public static TheoryData<string, string> Texts() => Table("go-template.txt");

    public static TheoryData<string, string> Pages() => Table("html-template.txt");

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_template_gives_what_Go_gives(string template, string expected) =>
        Assert.Equal(expected, Render(template));

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_is_escaped_as_Go_escapes_it(string template, string expected) =>
        Assert.Equal(expected, "= " + NotificationTemplates.BuiltIn.RenderHtml(template, Some.Notification));

    [Fact]
    public void Texts_as_users_write_them_render_as_amtool_renders_them()
    {
        var amtool = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(static folder => Path.Combine(folder, "amtool")).FirstOrDefault(File.Exists);
        if (amtool is null)
        {
            Assert.Skip("amtool is not installed");
        }
        var folder = Directory.CreateTempSubdirectory("pharos-templates").FullName;
        try
        {
            var data = Path.Combine(folder, "data.json");
            File.WriteAllText(data, NotificationTemplates.BuiltIn.RenderText("{{ toJson . }}", Some.Notification));
            var file = Path.Combine(folder, "none.tmpl");
            File.WriteAllText(file, "{{ define \"__none\" }}{{ end }}");
            // amtool has no definitions of its own.
            var official = Path.Combine(Conformance.Folder, "alertmanager", "template", "default.tmpl");
            var hasOfficial = File.Exists(official);
            foreach (var template in Seed.Texts.Where(text => hasOfficial || !text.Contains("template", StringComparison.Ordinal)))
            {
                var run = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(amtool,
                    ["template", "render", "--template.glob=" + (hasOfficial ? official : file), "--template.data=" + data, "--template.text=" + template])
                { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
                var output = run.StandardOutput.ReadToEnd();
                run.WaitForExit();
                Assert.True(run.ExitCode == 0, template + ": " + run.StandardError.ReadToEnd());
                Assert.Equal(output, NotificationTemplates.BuiltIn.RenderText(template, Some.Notification));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static TheoryData<string, string> Table(string file)
    {
        var table = new TheoryData<string, string>();
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Templates", "testdata", file));
        for (var i = 0; i + 1 < lines.Length; i += 2)
        {
            table.Add(lines[i][2..], Unescape(lines[i + 1]));
        }
        return table;
    }

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
