using System.Text;
using System.Text.Json;
using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Collection.Tests.Protobuf;
using Snappier;

namespace Pharos.Collection.Tests.Receivers.Loki;

public sealed class LokiPushTests
{
    private const long NowNs = PushStage.NowNs;

    [Fact]
    public void The_documented_body_is_stored()
    {
        using var stage = new PushStage();
        var outcome = stage.Json(
            """{"streams": [{ "stream": { "foo": "bar2" }, "values": [ [ "1700000000000000000", "fizzbuzz" ] ] }]}""");
        Assert.Equal(new LokiPushOutcome(1, 0, 204, ""), outcome);
        var entry = Assert.Single(stage.Store.Entries);
        Assert.Equal(("fake", """{foo="bar2", service_name="unknown_service"}""", NowNs, "fizzbuzz"), (entry.Tenant, entry.Stream, entry.TimeNs, entry.Line));
        Assert.Equal(1, stage.Count("loki_distributor_lines_received_total"));
        Assert.Equal(8 + 0, stage.Count("loki_distributor_bytes_received_total"));
    }

    [Fact]
    public void Keys_come_in_any_order_and_unknown_ones_are_stepped_over()
    {
        using var stage = new PushStage();
        stage.Json(
            """
            {"x":[{"streams":1}],"streams":[
              {"values":[["1700000000000000000","one",{"trace_id":"7","a.b":"c"}],["1700000000000000001","two"]],"y":{},"stream":{"job":"a"}},
              {"stream":{"job":"b"},"values":[]},
              {"stream":{"job":"c"},"values":[["1700000000000000002","three",{}]]}]}
            """);
        Assert.Equal(
            ["""{job="a", service_name="a"} one a_b=c, trace_id=7""", """{job="a", service_name="a"} two """,
                """{job="c", service_name="c"} three """],
            stage.Store.Entries.Select(static entry => $"{entry.Stream} {entry.Line} {entry.Sent}"));
    }

    /// <summary>Entries as most clients write them are read by other means than those with a space between: both must be stored alike.</summary>
    [Fact]
    public void Entries_in_a_row_are_those_that_stand_apart()
    {
        using var stage = new PushStage();
        string[] lines = ["", "plain", "{\"level\":\"info\",\"text\":\"a\\tb\"}", "é and \u0001", new string('x', 5000), "\\", "\"\"\"\""];
        for (var round = 0; round < 2; round++)
        {
            var values = lines.Concat(lines).Select((line, i) => $"""["{NowNs + i}",{JsonSerializer.Serialize(line)}{(i == 9 ? ",{\"k\":\"v\"}" : "")}]""");
            var text = string.Join(round == 0 ? "," : " , ", values);
            stage.Json($$$"""{"streams":[{"stream":{"job":"{{{round}}}"},"values":[{{{text}}}]},{"values":[{{{text}}}],"stream":{"job":"late {{{round}}}"}}]}""");
        }
        foreach (var job in (string[])["", "late "])
        {
            var near = stage.Store.Entries.Where(entry => entry.Stream.StartsWith($"{{job=\"{job}0\"", StringComparison.Ordinal)).ToArray();
            var apart = stage.Store.Entries.Where(entry => entry.Stream.StartsWith($"{{job=\"{job}1\"", StringComparison.Ordinal)).ToArray();
            Assert.Equal(lines.Concat(lines), near.Select(static entry => entry.Line));
            Assert.Equal(Enumerable.Range(0, 14).Select(static i => NowNs + i), near.Select(static entry => entry.TimeNs));
            Assert.Equal(apart.Select(static entry => (entry.TimeNs, entry.Line, entry.Sent)), near.Select(static entry => (entry.TimeNs, entry.Line, entry.Sent)));
        }
    }

    /// <summary>Also behind entries that were read in a row.</summary>
    [Theory]
    [InlineData("""["1700000000000000003","x\x"]""", "'x' is an invalid escapable character within a JSON string", 26)]
    [InlineData("""["1700000000000000003","x"}""", "'}' is invalid without a matching open", 26)]
    public void A_fault_s_place_is_that_in_the_whole_push(string entry, string what, int place)
    {
        using var stage = new PushStage();
        var before = string.Concat(Enumerable.Range(0, 4).Select(static i => $"[\"{NowNs + i}\",\"0123456789\"],"));
        var start = """{"streams":[{"stream":{"job":"a"},"values":[""" + before;
        var refused = Assert.Throws<InvalidDataException>(() => stage.Json($"{start}{entry}]}}]}}{new string(' ', 200)}"));
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"BytePositionInLine: {start.Length + place}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_old_form_has_label_texts_and_times_of_rfc_3339()
    {
        using var stage = new PushStage();
        stage.Json(
            """
            {"streams":[{"labels":"{job=\"a\", path=`c:\\d`}","entries":[{"ts":"2023-11-14T23:13:20.000000007+01:00","line":"x"},
             {"line":"y","ts":"2023-11-14T22:13:20Z","structuredMetadata":{"k":"v"}}]}]}
            """);
        Assert.Equal([NowNs + 7, NowNs], stage.Store.Entries.Select(static entry => entry.TimeNs));
        Assert.Equal("""{job="a", path="c:\\d", service_name="a"}""", stage.Store.Entries[0].Stream);
        Assert.Equal("k=v", stage.Store.Entries[1].Sent);
    }

    [Fact]
    public void Protobuf_in_a_snappy_block_is_stored()
    {
        using var stage = new PushStage();
        var entry = new ProtoMessage()
            .Message(1, new ProtoMessage().Varint(1, 1_700_000_000).Varint(2, 5)).Text(2, "line").Label(3, "trace_id", "9");
        var body = new ProtoMessage().Message(1, new ProtoMessage().Text(1, """{job="a",env="b"}""").Message(2, entry).Varint(3, 77)).ToArray();
        stage.Push(Snappy.CompressToArray(body), "application/x-protobuf");
        stage.Push(Snappy.CompressToArray(body), "", "snappy");
        Assert.Equal(2, stage.Store.Entries.Count);
        Assert.Equal(("""{env="b", job="a", service_name="a"}""", NowNs + 5, "line", "trace_id=9"),
            (stage.Store.Entries[0].Stream, stage.Store.Entries[0].TimeNs, stage.Store.Entries[0].Line, stage.Store.Entries[0].Sent));
    }

    [Fact]
    public void Packed_json_is_unpacked()
    {
        using var stage = new PushStage();
        var text = PushStage.One("packed");
        stage.Push(PushStage.Packed(text, PushStage.Gzip), "application/json; charset=utf-8", "gzip");
        stage.Push(PushStage.Packed(text, PushStage.Zlib), "application/json", "deflate");
        stage.Push(PushStage.Packed(text, PushStage.Deflate), "application/json", "deflate");
        stage.Push(Snappy.CompressToArray(Encoding.UTF8.GetBytes(text)), "application/json", "snappy");
        Assert.Equal(4, stage.Store.Entries.Count(static entry => entry.Line == "packed"));
        Assert.Throws<NotSupportedException>(() => stage.Push([], "application/json", "br"));
        Assert.Throws<NotSupportedException>(() => stage.Push([], "text/csv"));
        Assert.Throws<InvalidDataException>(() => stage.Push([1, 2, 3], "application/json", "gzip"));
    }

    [Theory]
    [InlineData("""a \"b\" \\ \/ \n\r\t\b\f""", "a \"b\" \\ / \n\r\t\b\f")]
    [InlineData("""\u00e9\ud83d\ude00!""", "é😀!")]
    [InlineData("""\ud83d x""", "\ufffd x")]
    [InlineData("""\ude00\ud83d\u0041""", "\ufffd\ufffdA")]
    public void Escapes_are_those_of_json(string escaped, string line)
    {
        using var stage = new PushStage();
        stage.Json($$"""{"streams":[{"stream":{"job":"a"},"values":[["1700000000000000000","{{escaped}}"]]}]}""");
        Assert.Equal(line, Assert.Single(stage.Store.Entries).Line);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_become_replacement_characters()
    {
        using var stage = new PushStage();
        stage.Push(
            [.. """{"streams":[{"stream":{"job":"a"},"values":[["1700000000000000000","x"""u8, 0xff, 0xc3, .. "y\\n\"]]}]}"u8], "application/json");
        Assert.Equal("x\ufffd\ufffdy\n", Assert.Single(stage.Store.Entries).Line);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"streams":{}}""")]
    [InlineData("""{"streams":[{"stream":{"a":"b"},"values":[["1700000000000000000"]]}]}""")]
    [InlineData("""{"streams":[{"stream":{"a":"b"},"values":[["yesterday","x"]]}]}""")]
    [InlineData("""{"streams":[{"stream":{"a":"b"},"values":[["1700000000000000000","x",{"k":1}]]}]}""")]
    [InlineData("""{"streams":[{"stream":{"a":"b"},"values":[["1700000000000000000","x"]]}]""")]
    [InlineData("""{"streams":[{"stream":{"a":"b"},"values":[["1700000000000000000","x"]]}]}x""")]
    public void A_body_that_is_no_push_stores_nothing(string body)
    {
        using var stage = new PushStage();
        Assert.Throws<InvalidDataException>(() => stage.Json(body));
        Assert.Empty(stage.Store.Entries);
    }

    [Fact]
    public void A_push_without_streams_is_fine()
    {
        using var stage = new PushStage();
        Assert.Equal(204, stage.Json("""{"streams":[]}""").Status);
        Assert.Equal(204, stage.Json("{}").Status);
    }
}
