using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Pharos.Cli.Tests;

/// <summary>The verbs for alerts, silences and routes beside the real amtool, both asking the same server.</summary>
public sealed partial class AmtoolTests : IDisposable
{
    private const string Config = """
        route:
          receiver: root
          routes:
          - matchers: [team="a"]
            receiver: ra
            continue: true
            routes:
            - {matchers: ['sev=~"x|y"', job!="z"], receiver: rax}
          - {matchers: [team="a"], receiver: rb}
          - {match: {team: c}, receiver: rc}
        receivers:
        - {name: root}
        - name: ra
          slack_configs: [{api_url: 'http://127.0.0.1:1/secret', channel: a}]
        - {name: rax}
        - {name: rb}
        - {name: rc}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-amtool-").FullName;

    private string ConfigFile => Path.Combine(_folder, "alertmanager.yml");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Routes_are_shown_and_tested_as_amtool_does()
    {
        await File.WriteAllTextAsync(ConfigFile, Config);
        string[] file = [$"--config.file={ConfigFile}"];
        await AssertSameAsync(["config", "routes", "show", .. file], ["routes", "show", .. file], 0);
        await AssertSameAsync(["config", "routes", .. file], ["routes", .. file], 0);
        foreach (var (exit, words) in (ValueTuple<int, string[]>[])
        [
            (0, ["team=a", "sev=x"]), (0, ["--tree", "team=a", "sev=x", "job=q"]), (0, ["--tree", "team=none"]), (0, ["--tree"]),
            (0, ["--verify.receivers=rax,rb", "team=a", "sev=x"]), (1, ["--verify.receivers=ra,rb", "team=a", "sev=x"]),
            (1, ["--tree", "--verify.receivers=root", "team=c"]), (1, ["Foo"]), (1, ["team=~a"]), (1, ["=a"]), (0, ["team=\"a\""]),
        ])
        {
            await AssertSameAsync(["config", "routes", "test", .. file, .. words], ["routes", "test", .. file, .. words], exit);
        }
    }

    [Fact]
    public async Task Alerts_and_silences_are_added_changed_and_shown_as_amtool_does()
    {
        await File.WriteAllTextAsync(ConfigFile, Config);
        using var pharos = PharosProcess.Start("serve", "--data", _folder, "--web.listen-address", "127.0.0.1:0", "--alertmanager.config.file", ConfigFile);
        var url = $"--alertmanager.url={await pharos.ReadyAsync()}";
        Task SameAsync(int exit, params string[] words) => AssertSameAsync([url, .. words], [.. words, url], exit);

        Assert.Equal(0, (await OursAsync("alert", "add", "Foo", "node=bar", "--annotation=summary=hello there", "--generator-url=http://x/y",
            "--start=2026-01-02T10:00:00Z", "--end=2036-01-02T10:00:00Z", url)).Exit);
        Assert.Equal(0, (await OursAsync("alert", "add", "alertname=Ärger", "a=b", "--start=2026-01-01T10:00:00+01:00",
            "--end=2036-01-02T10:00:00Z", url)).Exit);
        foreach (var wrong in (string[][])[["node=bar", "Word"], ["Foo", "a=~b"], ["Foo", "--annotation=x"], ["Foo", "--start=yesterday"], []])
        {
            await SameAsync(1, ["alert", "add", .. wrong]);
        }
        await SameAsync(0, "alert");
        await SameAsync(0, "alert", "-a", "Foo");
        await SameAsync(0, "alert", "query", "-o", "extended");
        await SameAsync(0, "alert", "query", "Foo", "node=~b.*", "--receiver=root", "--date.format=02 Jan 06 15:04");
        await SameAsync(0, "alert", "query", "--receiver=nobody");
        await SameAsync(1, "alert", "query", "Foo", "Bar");
        await SameAsync(1, "alert", "query", "-o", "xml");

        var (_, id) = await OursAsync("silence", "add", "Foo", "node!=x", "-c", "two words", "-a", "me", "-d", "2h", url);
        await OursAsync("silence", "add", "alertname!~a.*|b", "z=1", "-c", "x", "-a", "you", "--start=2036-01-01T10:00:00Z", "--end=2036-01-01T11:00:00Z", url);
        foreach (var words in (string[][])[[], ["query"], ["query", "-o", "extended"], ["query", "-q"], ["query", "Foo"], ["query", "--within=1h"],
            ["query", "--within=3h"], ["query", "--created-by=you"], ["query", "--expired"], ["-q", "Foo"]])
        {
            await SameAsync(0, ["silence", .. words]);
        }
        await SameAsync(0, "alert", "query", "--silenced");
        foreach (var words in (string[][])[["add"], ["add", "Foo"], ["add", "Foo", "Zed", "-c", "x"], ["add", "Foo", "-c", "x", "-d", "0s"],
            ["add", "Foo", "-c", "x", "-d", "xyz"], ["add", "Foo", "-c", "x", "--start=foo"],
            ["add", "Foo", "-c", "x", "--start=2036-01-01T10:00:00Z", "--end=2036-01-01T09:00:00Z"],
            ["update"], ["update", id, "-d", "0s"], ["update", "00000000-0000-0000-0000-000000000000", "-d", "1h"], ["expire"], ["expire", "nope"]])
        {
            await SameAsync(1, ["silence", .. words]);
        }
        await SameAsync(0, "silence", "update", id, "--end=2035-01-01T11:00:00Z", "-c", "new");
        Assert.Equal((0, id), await OursAsync("silence", "update", "-q", id, "-d", "3h", url));
        await SameAsync(0, "silence", "query", "Foo");

        var saved = Path.Combine(_folder, "silences.json");
        await File.WriteAllTextAsync(saved, (await OursAsync("silence", "query", "-o", "json", "Foo", url)).Output);
        await SameAsync(0, "silence", "import", saved);
        var (code, added) = await OursAsync("silence", "import", "-f", saved, url);
        Assert.Equal(0, code);
        Assert.NotEqual(id, added);
        Assert.Contains(added, (await OursAsync("silence", "query", "-q", url)).Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(saved, "[{}]");
        Assert.Equal(1, (await OursAsync("silence", "import", saved, url)).Exit);
        await File.WriteAllTextAsync(saved, "{");
        Assert.Equal(1, (await OursAsync("silence", "import", saved, url)).Exit);

        // The server shows its file without secrets.
        await AssertSameAsync([url, "config", "routes", "test", "team=a"], ["routes", "test", "team=a", url], 0);
        await AssertSameAsync([url, "config", "routes", "show"], ["routes", "show", url], 0);
    }

    [Fact]
    public async Task Silences_that_amtool_does_not_know_are_added_shown_and_removed()
    {
        await File.WriteAllTextAsync(ConfigFile, Config);
        using var pharos = PharosProcess.Start("serve", "--data", _folder, "--web.listen-address", "127.0.0.1:0", "--alertmanager.config.file", ConfigFile);
        var url = $"--alertmanager.url={await pharos.ReadyAsync()}";
        var (code, id) = await OursAsync(
            "silence", "recurring", "add", "Foo", "--years=2000:2100", "--weekdays=sunday:saturday", "--times=00:00-24:00", "--location=Europe/Berlin",
            "-c", "backup", "-a", "me", url);
        Assert.Equal(0, code);
        Assert.Matches(ShownRecurringSilence(), (await OursAsync("silence", "recurring", url)).Output);
        Assert.Contains("backup", (await RunAsync("amtool", [url, "silence", "query", "Foo"])).Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), await OursAsync("silence", "recurring", "remove", id, url));
        Assert.Equal("[]", (await OursAsync("silence", "recurring", "query", "-o", "json", url)).Output);
        Assert.Equal(1, (await OursAsync("silence", "recurring", "add", "Foo", "--times=22:00", "-c", "x", url)).Exit);

        Assert.Equal(0, (await OursAsync("alert", "add", "Foo", "node=a b", url)).Exit);
        Assert.Matches(ShownTransition(), (await OursAsync("alert", "history", "Foo", url)).Output);
        Assert.DoesNotContain("Foo", (await OursAsync("alert", "history", "Bar", url)).Output, StringComparison.Ordinal);

        (code, id) = await OursAsync("silence", "add", "Foo", "--receiver=ra", "-c", "only ra", url);
        Assert.Equal(0, code);
        Assert.Equal(id, (await OursAsync("silence", "query", "-q", "--receiver=ra", url)).Output);
        Assert.DoesNotContain("only ra", (await RunAsync("amtool", [url, "silence", "query"])).Output, StringComparison.Ordinal);
        var saved = Path.Combine(_folder, "silences.json");
        await File.WriteAllTextAsync(saved, (await OursAsync("silence", "query", "-o", "json", "--receiver=ra", url)).Output);
        var (_, copy) = await OursAsync("silence", "import", "-f", saved, url);
        Assert.DoesNotContain("only ra", (await OursAsync("silence", "query", url)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await OursAsync("silence", "expire", id, copy, url)).Exit);
        Assert.Equal("", (await OursAsync("silence", "query", "-q", "--receiver=ra", url)).Output);
        Assert.Equal(1, (await OursAsync("silence", "add", "Foo", "--receiver=nobody", "-c", "x", url)).Exit);
    }

    [Fact]
    public async Task Flags_come_from_the_file_in_the_home_folder_too()
    {
        Directory.CreateDirectory(Path.Combine(_folder, ".config/amtool"));
        await File.WriteAllTextAsync(Path.Combine(_folder, ".config/amtool/config.yml"), """
            author: from-the-file
            require-comment: false
            output: extended
            date.format: "2006"
            """);
        using var pharos = PharosProcess.Start("serve", "--data", _folder, "--web.listen-address", "127.0.0.1:0");
        var url = $"--alertmanager.url={await pharos.ReadyAsync()}";
        Assert.Equal(0, (await OursAsync("silence", "add", "Foo", "--start=2036-01-01T10:00:00Z", url)).Exit);
        var (_, shown) = await OursAsync("silence", "query", url);
        Assert.StartsWith("ID ", shown, StringComparison.Ordinal);
        Assert.Matches(ShownSilence(), shown);
    }

    [GeneratedRegex(@"\{alertname=""Foo""\}\s+2036\s+2036\s+20\d\d\s+from-the-file\s*$")]
    private static partial Regex ShownSilence();

    [GeneratedRegex(@"^At +State +Alertname +Labels +Reason\s+20\d\d-.* firing +Foo +node=""a b"" +\w")]
    private static partial Regex ShownTransition();

    [GeneratedRegex(@"alertname=""Foo""\s+00:00-24:00 sunday:saturday 2000:2100 Europe/Berlin\s+20\d\d-.*me\s+backup\s*$")]
    private static partial Regex ShownRecurringSilence();

    private async Task AssertSameAsync(string[] amtool, string[] ours, int exit)
    {
        var (code, output) = await OursAsync(ours);
        Assert.True(exit == code, $"pharos {string.Join(' ', ours)}: {code}\n{output}");
        var theirs = await RunAsync("amtool", amtool);
        Assert.True(exit == theirs.Exit, $"amtool {string.Join(' ', amtool)}: {theirs.Exit}\n{theirs.Output}");
        Assert.Equal(theirs.Output, output);
    }

    private Task<(int Exit, string Output)> OursAsync(params string[] words) =>
        RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "pharos.dll"), .. words]);

    private async Task<(int Exit, string Output)> RunAsync(string program, string[] words)
    {
        var start = new ProcessStartInfo(program, words) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        // Nobody's own file of flags is to count.
        start.Environment["HOME"] = _folder;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not installed");
            throw;
        }
        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await errors;
            await process.WaitForExitAsync();
            return (process.ExitCode, output.Trim('\n'));
        }
    }
}
