using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Query.Tests.PromQL.Syntax;

public sealed class MatcherEditTests
{
    [Theory]
    [InlineData("up", "up{job=~\"x.*\"}")]
    [InlineData("up{job=\"a\",env=\"b\"} + rate(foo{env=\"c\"}[5m])", "up{env=\"b\",job=~\"x.*\"} + rate(foo{env=\"c\",job=~\"x.*\"}[5m])")]
    [InlineData("-sum by (job) (topk(3, {job=\"a\"}))", "-sum by (job) (topk(3, {job=~\"x.*\"}))")]
    [InlineData("max_over_time((up)[1h:5m] offset 1m)", "max_over_time((up{job=~\"x.*\"})[1h:5m] offset 1m)")]
    public void A_matcher_is_set_in_every_selector(string query, string expected) => Assert.Equal(
        PromParser.Parse(expected).ToString(),
        MatcherEdit.Set(PromParser.Parse(query), new LabelMatcher(Storage.Model.MatchType.Regex, "job", "x.*")).ToString());

    [Theory]
    [InlineData("up{job=\"a\",job!=\"b\"}", "up")]
    [InlineData("up{env=\"b\",job=\"a\"} / foo{env=\"c\"}", "up{env=\"b\"} / foo{env=\"c\"}")]
    public void A_labels_matchers_are_taken_out(string query, string expected) =>
        Assert.Equal(expected, MatcherEdit.Delete(PromParser.Parse(query), "job").ToString());
}
