using Pharos.Server.Checks;
using Pharos.Server.Configuration;

namespace Pharos.Server.Tests.Configuration;

public sealed class PackTests
{
    [Fact]
    public void The_pack_has_no_error_and_every_file_is_recognised()
    {
        var folder = Path.Combine(TestFolders.Repository, "packs", "progressive-framework");
        var report = ConfigCheck.Run([folder]);
        Assert.Equal([], report.Files.SelectMany(file => file.Problems).Where(p => p.Severity == ConfigSeverity.Error));
        var found = ConfigFolder.Scan(folder);
        Assert.NotNull(found.Main(ConfigFileKind.Prometheus));
        Assert.NotNull(found.Main(ConfigFileKind.Alertmanager));
        Assert.NotEmpty(found.Of(ConfigFileKind.Rules));
        Assert.NotEmpty(found.Of(ConfigFileKind.Dashboard));
    }
}
