using System.Text.Json;
using Pharos.Collection.Shipping.Stages.Jmes;

namespace Pharos.Collection.Tests.Shipping;

public sealed class JmesPathTests
{
    private const string Document = """
        {"a":{"b":{"c":"deep"}},"list":[0,1,2,3,4,5],"people":[{"name":"ann","age":30,"tags":["x"]},{"name":"bob","age":20,"tags":["y","z"]},
        {"name":"cid","age":50}],"nested":[[1,2],[3,[4]]],"with space":1,"n":-2.5,"s":"text","t":true,"nil":null,"empty":{},
        "ops":{"f":{"n":2},"g":{"n":4},"h":{}},"t-a":"dash"}
        """;

    [Theory]
    [InlineData("a.b.c", "\"deep\"")]
    [InlineData("a.b", "{\"c\":\"deep\"}")]
    [InlineData("missing", "null")]
    [InlineData("a.missing.c", "null")]
    [InlineData("\"with space\"", "1")]
    [InlineData("\"t-a\"", "\"dash\"")]
    [InlineData("list[0]", "0")]
    [InlineData("list[-1]", "5")]
    [InlineData("list[9]", "null")]
    [InlineData("s[0]", "null")]
    [InlineData("list[1:3]", "[1,2]")]
    [InlineData("list[:2]", "[0,1]")]
    [InlineData("list[::2]", "[0,2,4]")]
    [InlineData("list[::-1]", "[5,4,3,2,1,0]")]
    [InlineData("list[-2:]", "[4,5]")]
    [InlineData("people[*].name", "[\"ann\",\"bob\",\"cid\"]")]
    [InlineData("people[:2].name", "[\"ann\",\"bob\"]")]
    [InlineData("people[*].name | [0]", "\"ann\"")]
    [InlineData("people[*].tags[]", "[\"x\",\"y\",\"z\"]")]
    [InlineData("people[].tags[0]", "[\"x\",\"y\"]")]
    [InlineData("nested[]", "[1,2,3,[4]]")]
    [InlineData("nested[][]", "[1,2,3,4]")]
    [InlineData("ops.*.n", "[2,4]")]
    [InlineData("people[?age > `25`].name", "[\"ann\",\"cid\"]")]
    [InlineData("people[?name == 'bob'].age | [0]", "20")]
    [InlineData("people[?age >= `20` && age < `50`].name", "[\"ann\",\"bob\"]")]
    [InlineData("people[?!tags].name", "[\"cid\"]")]
    [InlineData("people[?contains(tags || `[]`, 'z')].name", "[\"bob\"]")]
    [InlineData("[s, t]", "[\"text\",true]")]
    [InlineData("{x: s, y: list[1]}", "{\"x\":\"text\",\"y\":1}")]
    [InlineData("people[*].{n: name, a: age} | [1].a", "20")]
    [InlineData("missing || s", "\"text\"")]
    [InlineData("empty || s", "\"text\"")]
    [InlineData("s && n", "-2.5")]
    [InlineData("!s", "false")]
    [InlineData("nil", "null")]
    [InlineData("@.s", "\"text\"")]
    [InlineData("`{\"k\": 1}`.k", "1")]
    [InlineData("length(list)", "6")]
    [InlineData("length(s)", "4")]
    [InlineData("sum(list)", "15")]
    [InlineData("avg(list)", "2.5")]
    [InlineData("abs(n)", "2.5")]
    [InlineData("ceil(n)", "-2")]
    [InlineData("floor(n)", "-3")]
    [InlineData("max(list)", "5")]
    [InlineData("min_by(people, &age).name", "\"bob\"")]
    [InlineData("max_by(people, &age).name", "\"cid\"")]
    [InlineData("sort_by(people, &age)[*].name", "[\"bob\",\"ann\",\"cid\"]")]
    [InlineData("map(&name, people)", "[\"ann\",\"bob\",\"cid\"]")]
    [InlineData("keys(a)", "[\"b\"]")]
    [InlineData("values(ops.f)", "[2]")]
    [InlineData("join('-', people[*].name)", "\"ann-bob-cid\"")]
    [InlineData("reverse(s)", "\"txet\"")]
    [InlineData("sort(`[3,1,2]`)", "[1,2,3]")]
    [InlineData("starts_with(s, 'te')", "true")]
    [InlineData("ends_with(s, 'xt')", "true")]
    [InlineData("to_string(list[:1])", "\"[0]\"")]
    [InlineData("to_number('12.5')", "12.5")]
    [InlineData("to_array(s)", "[\"text\"]")]
    [InlineData("type(people)", "\"array\"")]
    [InlineData("not_null(missing, nil, s)", "\"text\"")]
    [InlineData("merge(a, `{\"z\":1}`).z", "1")]
    [InlineData("list[0] == `0`", "true")]
    [InlineData("a == `{\"b\":{\"c\":\"deep\"}}`", "true")]
    [InlineData("s < n", "null")]
    public void Expressions_find_what_the_specification_says(string expression, string expected)
    {
        using var json = JsonDocument.Parse(Document);
        Assert.True(JmesPath.Parse(expression).TrySearch(json.RootElement, out var found));
        Assert.Equal(expected, JmesValue.Json(found));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.")]
    [InlineData("a b")]
    [InlineData("[0")]
    [InlineData("list[::0]")]
    [InlineData("a[?b")]
    [InlineData("nofunction(a)")]
    [InlineData("length()")]
    [InlineData("{a}")]
    [InlineData("'open")]
    [InlineData("a.#")]
    public void What_is_no_expression_is_refused(string expression) => Assert.Throws<JmesException>(() => JmesPath.Parse(expression));

    [Theory]
    [InlineData("abs(s)")]
    [InlineData("sum(people)")]
    [InlineData("keys(list)")]
    public void A_function_that_gets_another_type_finds_nothing(string expression)
    {
        using var json = JsonDocument.Parse(Document);
        Assert.False(JmesPath.Parse(expression).TrySearch(json.RootElement, out _));
    }
}
