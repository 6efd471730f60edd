using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Alertmanager;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Configuration.Rules;

namespace Pharos.Server.Tests.Configuration;

/// <summary>Every odd file of the corpus goes through every reader: findings, never an exception.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static string Folder =>
        Path.Combine(TestFolders.Repository, "tests", "Pharos.Server.Tests", "Configuration", "Corpus");

    [Theory]
    [MemberData(nameof(Files))]
    public void A_reader_answers_with_findings(string name)
    {
        var path = Path.Combine(Folder, name);
        var reports = new List<ConfigFileReport>
        {
            AlertmanagerFile.Read(path).Report,
            RuleFile.Read(path, RuleDefaults.From(GlobalConfig.Default)).Report,
            TargetFile.ReadWithReport(path).Report,
        };
        reports.AddRange(PrometheusFile.Read(path).Files);
        Assert.True(reports.TrueForAll(report => report.HasErrors || report.Problems.Count == 0 || report.Honoured.Count > 0));
        Assert.Contains(reports, report => report.HasErrors);
    }
}
