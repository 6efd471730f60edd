using CsCheck;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Tests.Configuration.Yaml;

public sealed class YamlTreeBuilderTests
{
    [Fact]
    public void A_duplicate_key_is_reported_where_it_stands_the_second_time()
    {
        var value = ConfigFiles.Yaml("a: 1\nb: 2\na: 3\n");
        Assert.Equal(["test.yml:3:1: error: key \"a\" stands twice in the same mapping"],
            ConfigFiles.Lines(value.Reading.Problems));
    }

    [Fact]
    public void Aliases_and_merge_keys_are_resolved_and_own_keys_win()
    {
        var map = ConfigFiles.Yaml("base: &b {x: 1, y: 2}\nown:\n  <<: *b\n  y: 3\n").AsMapping()!;
        var own = map.Mapping("own")!;
        Assert.Equal(1, own.Integer("x"));
        Assert.Equal(3, own.Integer("y"));
    }

    [Fact]
    public void A_second_document_is_a_warning()
    {
        var value = ConfigFiles.Yaml("a: 1\n---\nb: 2\n");
        Assert.Equal(["test.yml:2:1: warning: only the first YAML document of the file is read"],
            ConfigFiles.Lines(value.Reading.Problems));
    }

    [Fact]
    public void Aliases_that_multiply_are_refused()
    {
        var lines = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i =>
            $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        var reading = new ConfigReading("test.yml", lines);
        Assert.Null(YamlTreeBuilder.Build(reading));
        Assert.Contains("expand to more than", Assert.Single(reading.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        var reading = new ConfigReading("test.yml", new string('[', 5000));
        Assert.Null(YamlTreeBuilder.Build(reading));
        Assert.NotEmpty(reading.Problems);
    }

    [Fact]
    public void An_unquoted_secret_that_looks_like_an_alias_is_not_repeated()
    {
        var reading = new ConfigReading("test.yml", "password: *hunter2\n");
        Assert.Null(YamlTreeBuilder.Build(reading));
        Assert.DoesNotContain("hunter2", Assert.Single(reading.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Arbitrary_text_never_throws()
    {
        string[] pieces = ["a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", "&x ", "*x", "<<", "!!binary ", "'", "\"",
            "|\n", ">\n", "#", "---\n", "...\n", "%YAML", "?", ",", "\t", "\\x", "é", "\0", "@", "groups", "route", "scrape_configs"];
        Gen.Int[0, pieces.Length - 1].Array[0, 30].Sample(chosen =>
            PrometheusFile.ReadText("test.yml", string.Concat(chosen.Select(i => pieces[i]))), iter: 5000);
    }
}
