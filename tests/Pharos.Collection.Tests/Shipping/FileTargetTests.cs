using Pharos.Collection.Relabeling;
using Pharos.Collection.Shipping;
using Pharos.Collection.Shipping.Files;
using Pharos.Collection.Shipping.Targets;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Shipping;

public sealed class FileTargetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-glob-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("*.log", "", "a.log,b.log")]
    [InlineData("?.log", "", "a.log,b.log")]
    [InlineData("[!a].log", "", "b.log")]
    [InlineData("{a,c}.log", "", "a.log")]
    [InlineData("**/*.log", "", "a.log,b.log,x/c.log,x/y/d.log")]
    [InlineData("**/*.log", "**/y/**", "a.log,b.log,x/c.log")]
    [InlineData("x/**", "", "x/c.log,x/y/d.log")]
    [InlineData("x*/*/*.log", "", "x/y/d.log")]
    [InlineData("a.log", "", "a.log")]
    [InlineData("none.log", "", "")]
    [InlineData("*log", "*/b*", "a.log,b.log")]
    public void Globs_name_files(string pattern, string exclude, string expected)
    {
        foreach (var name in (string[])["a.log", "b.log", "e.txt", "x/c.log", "x/y/d.log"])
        {
            var path = Path.Combine(_folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
        var found = PathGlob.Expand(Path.Combine(_folder, pattern), exclude);
        Assert.Equal(expected, string.Join(',', found.Select(path => Path.GetRelativePath(_folder, path))));
    }

    [Theory]
    [InlineData("a.log", "a.log.1", true)]
    [InlineData("a.log", "a.log.12.gz", true)]
    [InlineData("a.log", "a.log-20240102", true)]
    [InlineData("a.log", "a.log.2024-01-02T03:04:05.gz", true)]
    [InlineData("a.log", "a-20240102.log", true)]
    [InlineData("a.log", "a.1.log.gz", true)]
    [InlineData("a.log", "a.log.old", true)]
    [InlineData("0.log", "0.log.20240102-030405.gz", true)]
    [InlineData("app", "app.1", true)]
    [InlineData("a.log", "a-worker.log", false)]
    [InlineData("a.log", "a.log.swp", false)]
    [InlineData("a.log", "ab.log.1", false)]
    [InlineData("app", "app.error.log", false)]
    [InlineData("a.log", "b.log", false)]
    public void Rotation_s_names_are_known(string live, string name, bool expected) => Assert.Equal(expected, SiblingNames.IsSibling(live, name));

    [Fact]
    public void Targets_of_this_node_with_a_path_are_kept()
    {
        var job = new ShipJobOptions
        {
            JobName = "pods",
            RelabelRules =
            [
                new RelabelRule { SourceLabels = ["__meta_kubernetes_pod_node_name"], TargetLabel = "__host__" },
                new RelabelRule { SourceLabels = ["__meta_kubernetes_pod_name"], TargetLabel = "pod" },
                new RelabelRule
                {
                    SourceLabels = ["__meta_kubernetes_pod_uid", "__meta_kubernetes_pod_container_name"], Separator = "/",
                    Replacement = "/var/log/pods/*$1/*.log", TargetLabel = "__path__",
                },
            ],
        };
        var pod = LabelSet.From(("__address__", "10.0.0.1"), ("__meta_kubernetes_pod_node_name", "n1"), ("__meta_kubernetes_pod_name", "p"),
            ("__meta_kubernetes_pod_uid", "u"), ("__meta_kubernetes_pod_container_name", "c"));
        var built = FileTargetBuilder.Build(job, pod, LabelSet.From(("group", "g")), "n1", out _)!;
        Assert.Equal(("/var/log/pods/*u/c/*.log", "{group=\"g\", pod=\"p\"}"), (built.Pattern, built.Labels.ToString()));
        Assert.Null(FileTargetBuilder.Build(job, pod, LabelSet.Empty, "n2", out var other));
        Assert.Contains("another host", other, StringComparison.Ordinal);
        var bare = job with { RelabelRules = [] };
        Assert.Equal("/var/log/pods/*u/c/*.log", FileTargetBuilder.Build(bare, pod, LabelSet.Empty, "n2", out _)!.Pattern);
        Assert.Null(FileTargetBuilder.Build(bare, LabelSet.From(("__address__", "localhost")), LabelSet.Empty, "n2", out var none));
        Assert.Equal("no path for target", none);
    }
}
