using System.Text.RegularExpressions;
using Pharos.Conformance.Tests.Peers;
using Pharos.Server.Configuration.Alertmanager;

namespace Pharos.Conformance.Tests.Configuration;

/// <summary>What the real <c>amtool check-config</c> takes is taken, and what it refuses is refused, for thousands of small mistakes.</summary>
public sealed partial class OddFilesPeerTests
{
    private const string Amtool = "/usr/bin/amtool";

    /// <summary>A bound of the command line's length.</summary>
    private const int FilesAtOnce = 300;

    /// <summary>Where Pharos differs on purpose, by what is in the file and what is said about it.</summary>
    private static readonly (string File, string Said, string Why)[] Known =
    [
        ("smarthost: ", "the port is not a number", "a port that no connection can go to is refused before a mail is lost, not at the first one"),
        ("group_by|equal", "label name", "label names in UTF-8, as Alertmanager has them since 0.27"),
        ("details: ", "cannot unmarshal !!(map|seq)", "PagerDuty's details may be nested, as Alertmanager has them since 0.28"),
        ("client_id: a", "either oauth2 client_secret or client_secret_file", "OAuth 2 without a secret, as Prometheus' library has it by now"),
        ("tls_config", "exactly one of (key|cert)", "half of a client certificate is refused, as Prometheus' library does by now"),
        ("tls_config", "a certificate or key of the mail server", "a mail server's certificate that is not there is found out at once"),
    ];

    [Fact]
    public async Task Odd_files_are_taken_and_refused_as_by_amtool()
    {
        PeerProcess.Need(Amtool);
        var folder = Directory.CreateTempSubdirectory("pharos-odd-files").FullName;
        try
        {
            var files = OddFiles.All().Distinct(StringComparer.Ordinal).ToArray();
            Assert.InRange(files.Length, 4000, int.MaxValue);
            var theirs = new string?[files.Length];
            for (var i = 0; i < files.Length; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, $"{i}.yml"), files[i], TestContext.Current.CancellationToken);
            }
            foreach (var batch in Enumerable.Range(0, files.Length).Chunk(FilesAtOnce))
            {
                var (_, output) = await PeerProcess.RunAsync(Amtool, ["check-config", .. batch.Select(i => Path.Combine(folder, $"{i}.yml"))]);
                foreach (Match match in Verdict().Matches(output))
                {
                    theirs[int.Parse(match.Groups["file"].Value)] = match.Groups["fault"].Value;
                }
            }
            Assert.Equal([], files.Where((_, i) => theirs[i] is null));
            Assert.Equal([], files.Select((file, i) => Difference(file, theirs[i]!)).OfType<string>());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Difference(string file, string theirs)
    {
        var read = AlertmanagerFile.ReadText("/etc/alertmanager/alertmanager.yml", file);
        var ours = read.Config is null ? string.Join("; ", read.Report.Problems) : "";
        return (ours.Length == 0) == (theirs.Length == 0)
            || Known.Any(known => Regex.IsMatch(file, known.File) && Regex.IsMatch(ours + theirs, known.Said)) ? null
            : $"{file}here: {ours}\nthere: {theirs}\n";
    }

    [GeneratedRegex(@"Checking '[^']*/(?<file>\d+)\.yml'  (SUCCESS|FAILED: (?<fault>[^\n]*))", RegexOptions.ExplicitCapture)]
    private static partial Regex Verdict();
}
