using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Tests.Configuration.Yaml;

public sealed class YamlMappingReaderTests
{
    [Fact]
    public void An_unknown_key_is_reported_at_its_place_with_the_nearest_known_one()
    {
        var value = ConfigFiles.Yaml("a: 1\nscrap_interval: 5s\n");
        var map = value.AsMapping()!;
        map.Integer("a");
        map.Duration("scrape_interval");
        map.Done();
        Assert.Equal(["test.yml:2:1: error: scrap_interval: unknown key \"scrap_interval\"; did you mean \"scrape_interval\"?"],
            ConfigFiles.Lines(value.Reading.Problems));
    }

    [Fact]
    public void Every_problem_of_a_file_is_found_in_one_pass_and_sorted_by_place()
    {
        var value = ConfigFiles.Yaml("interval: soon\nflag: perhaps\nnumber: x1\nlist: 3\nfar_away: 1\n");
        var map = value.AsMapping()!;
        map.List("list");
        map.Integer("number");
        map.Flag("flag");
        map.Duration("interval");
        map.Done();
        Assert.Equal(
        [
            "test.yml:1:11: error: interval: not a valid duration string: \"soon\"",
            "test.yml:2:7: error: flag: \"perhaps\" is not true or false",
            "test.yml:3:9: error: number: \"x1\" is not a whole number",
            "test.yml:4:7: error: list: expected a list, found a single value",
            "test.yml:5:1: error: far_away: unknown key \"far_away\"",
        ], ConfigFiles.Lines(value.Reading.Problems));
    }

    [Fact]
    public void A_secret_of_the_wrong_type_is_not_repeated()
    {
        var value = ConfigFiles.Yaml("password: [hunter2]\n");
        var map = value.AsMapping()!;
        Assert.Null(map.SecretOrFile("password", "password_file"));
        Assert.DoesNotContain("hunter2", Assert.Single(value.Reading.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_and_its_file_exclude_each_other()
    {
        var value = ConfigFiles.Yaml("password: hunter2\npassword_file: /x\n");
        value.AsMapping()!.SecretOrFile("password", "password_file");
        Assert.Equal(["test.yml:2:1: error: password_file: at most one of password & password_file must be configured"],
            ConfigFiles.Lines(value.Reading.Problems));
    }

    [Fact]
    public void A_key_with_nothing_behind_it_counts_as_absent()
    {
        var map = ConfigFiles.Yaml("a:\nb: ~\n").AsMapping()!;
        Assert.Null(map.Find("a"));
        Assert.Equal("other", map.Text("b", "other"));
        map.Done();
        Assert.Empty(map.Reading.Problems);
    }
}
