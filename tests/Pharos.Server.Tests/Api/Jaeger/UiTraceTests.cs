using System.Net.Http.Headers;
using Pharos.Storage.Traces;

namespace Pharos.Server.Tests.Api.Jaeger;

public sealed class UiTraceTests
{
    [Fact]
    public async Task A_trace_is_shown_with_every_kind_of_tag()
    {
        await using var stage = await JaegerStage.StartAsync();
        stage.Put(
            new Span
            {
                TraceId = new TraceId(0xABC, 0xDEF),
                SpanId = 0x12,
                ParentSpanId = 0x34,
                Name = "GET /",
                Kind = SpanKind.Server,
                StartNs = 1_485_467_191_639_875_139,
                EndNs = 1_485_467_191_639_880_139,
                Status = SpanStatus.Error,
                StatusMessage = "boom",
                TraceState = "a=b",
                Flags = 0x101,
                Scope = new SpanScope("lib", "1.2", [], 0, ""),
                Resource = JaegerStage.ResourceOf("shop", ("host.name", "h1")),
                Attributes =
                [
                    new("text", AttributeValue.OfText("<x>")), new("yes", AttributeValue.OfBool(true)), new("small", AttributeValue.OfInt(-7)),
                    new("large", AttributeValue.OfInt(9_223_372_036_854_775_222)), new("safe", AttributeValue.OfInt((1L << 53) - 1)),
                    new("half", AttributeValue.OfDouble(72.5)), new("nan", AttributeValue.OfDouble(double.NaN)),
                    new("blob", AttributeValue.OfBytes([0, 0, 48, 57])), new("list", AttributeValue.OfJson(AttributeKind.Array, "[1,\"a\"]")),
                ],
                Events = [new SpanEvent(1_485_467_191_639_876_000, "retry", [new("n", AttributeValue.OfInt(2))], 0)],
                Links =
                [
                    new SpanLink(new TraceId(0, 5), 6, "", 0, [], 0),
                    new SpanLink(new TraceId(0, 7), 8, "", 0, [new("opentracing.ref_type", AttributeValue.OfText("child_of"))], 0),
                ],
            });
        var (status, body) = await stage.Server.GetAsync("/api/traces/abc0000000000000def?raw=true");
        Assert.Equal(200, status);
        Assert.Equal(
            "{'data':[{'traceID':'0000000000000abc0000000000000def','spans':[{'traceID':'0000000000000abc0000000000000def',"
            + "'spanID':'0000000000000012','flags':1,'operationName':'GET /','references':[{'refType':'CHILD_OF',"
            + "'traceID':'0000000000000abc0000000000000def','spanID':'0000000000000034'},{'refType':'FOLLOWS_FROM',"
            + "'traceID':'0000000000000005','spanID':'0000000000000006'},{'refType':'CHILD_OF','traceID':'0000000000000007',"
            + "'spanID':'0000000000000008'}],'startTime':1485467191639875,'duration':5,'tags':[{'key':'otel.scope.name','type':'string',"
            + "'value':'lib'},{'key':'otel.scope.version','type':'string','value':'1.2'},{'key':'text','type':'string','value':'<x>'},"
            + "{'key':'yes','type':'bool','value':true},{'key':'small','type':'int64','value':-7},{'key':'large','type':'int64',"
            + "'value':'9223372036854775222'},{'key':'safe','type':'int64','value':9007199254740991},{'key':'half','type':'float64',"
            + "'value':72.5},{'key':'nan','type':'float64','value':'NaN'},{'key':'blob','type':'binary','value':'AAAwOQ=='},{'key':'list',"
            + "'type':'string','value':'[1,\\'a\\']'},{'key':'span.kind','type':'string','value':'server'},{'key':'otel.status_code',"
            + "'type':'string','value':'ERROR'},{'key':'error','type':'bool','value':true},{'key':'otel.status_description','type':'string',"
            + "'value':'boom'},{'key':'w3c.tracestate','type':'string','value':'a=b'}],'logs':[{'timestamp':1485467191639876,"
            + "'fields':[{'key':'event','type':'string','value':'retry'},{'key':'n','type':'int64','value':2}]}],'processID':'p1',"
            + "'warnings':null}],'processes':{'p1':{'serviceName':'shop','tags':[{'key':'host.name','type':'string','value':'h1'}]}},"
            + "'warnings':null}],'total':0,'limit':0,'offset':0,'errors':null}",
            body.Replace('"', '\''));
    }

    [Fact]
    public async Task An_adjusted_trace_has_sorted_tags_and_warnings_and_a_raw_one_has_not()
    {
        await using var stage = await JaegerStage.StartAsync();
        stage.Put(stage.Make("a", 1, 2, parent: 9) with { Attributes = [new("z", AttributeValue.OfInt(1)), new("b", AttributeValue.OfInt(2))] });
        var adjusted = (await stage.DataAsync("/api/traces/1"))[0].GetProperty("spans")[0];
        Assert.Equal(["b", "z"], adjusted.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("key").GetString()));
        Assert.Equal(
            "parent span ID=0000000000000009 is not in the trace; skipping clock skew adjustment", adjusted.GetProperty("warnings")[0].GetString());
        var raw = (await stage.DataAsync("/api/traces/0000000000000001?raw=1"))[0].GetProperty("spans")[0];
        Assert.Equal(["z", "b"], raw.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("key").GetString()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, raw.GetProperty("warnings").ValueKind);
    }

    [Fact]
    public async Task Processes_are_numbered_by_their_content()
    {
        await using var stage = await JaegerStage.StartAsync();
        stage.Put(stage.Make("a", 1, 1));
        stage.Put(stage.Make("b", 1, 2, parent: 1), stage.Make("a", 1, 3, parent: 1) with { StartNs = stage.BaseNs + 1_000 });
        var trace = (await stage.DataAsync("/api/traces/1"))[0];
        Assert.Equal(["p1", "p2", "p1"], trace.GetProperty("spans").EnumerateArray().Select(span => span.GetProperty("processID").GetString()));
        Assert.Equal("b", trace.GetProperty("processes").GetProperty("p2").GetProperty("serviceName").GetString());
    }

    [Fact]
    public async Task Pretty_printing_indents_by_four()
    {
        await using var stage = await JaegerStage.StartAsync();
        var (_, body) = await stage.Server.GetAsync("/api/services?prettyPrint=true");
        Assert.StartsWith("{\n    \"data\": [],\n    \"total\": 0,", body.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.StartsWith("{\"data\":[],", (await stage.Server.GetAsync("/api/services?prettyPrint=false")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/traces/12", 404, "trace not found")]
    [InlineData("/api/traces/xyz", 400, "strconv.ParseUint: parsing \\\"xyz\\\": invalid syntax")]
    [InlineData("/api/traces/123456789012345678901234567890123", 400, "TraceID cannot be longer than 32 hex characters: 123456789012345678901234567890123")]
    [InlineData("/api/traces/1?raw=maybe", 400, "unable to parse param 'raw': strconv.ParseBool: parsing \\\"maybe\\\": invalid syntax")]
    [InlineData("/api/traces/1?start=x", 400, "unable to parse param 'start': strconv.ParseInt: parsing \\\"x\\\": invalid syntax")]
    [InlineData(
        "/api/traces?start=99999999999999999999", 400,
        "unable to parse param 'start': strconv.ParseInt: parsing \\\"99999999999999999999\\\": value out of range")]
    [InlineData("/api/traces?service=a&limit=many", 400, "strconv.ParseInt: parsing \\\"many\\\": invalid syntax")]
    [InlineData("/api/traces?service=a&tag=x", 400, "malformed 'tag' parameter, expecting key:value, received: x")]
    [InlineData(
        "/api/traces?service=a&tags={\"a\":1}", 400,
        "malformed 'tags' parameter, cannot unmarshal JSON: json: cannot unmarshal number into Go value of type string")]
    [InlineData("/api/traces?service=a&minDuration=20", 400, "unable to parse param 'minDuration': time: missing unit in duration \\\"20\\\"")]
    [InlineData("/api/traces?service=a&maxDuration=1day", 400, "unable to parse param 'maxDuration': time: unknown unit \\\"day\\\" in duration \\\"1day\\\"")]
    [InlineData("/api/traces?service=a&minDuration=5s&maxDuration=1s", 400, "'maxDuration' should be greater than 'minDuration'")]
    [InlineData("/api/traces?traceID=zz", 400, "cannot parse traceID param: strconv.ParseUint: parsing \\\"zz\\\": invalid syntax")]
    [InlineData("/api/operations", 400, "parameter 'service' is required")]
    [InlineData("/api/dependencies?endTs=now", 400, "unable to parse param 'endTs': strconv.ParseInt: parsing \\\"now\\\": invalid syntax")]
    [InlineData("/api/metrics/latencies?service=a", 400, "unable to parse param 'quantile': strconv.ParseFloat: parsing \\\"\\\": invalid syntax")]
    [InlineData("/api/metrics/calls", 400, "unable to parse param 'service': please provide at least one service name")]
    [InlineData("/api/metrics/calls?service=a&spanKind=odd", 400, "unable to parse param 'spanKind': unsupported span kind: 'odd'")]
    public async Task What_is_wrong_is_told_in_Jaegers_words(string path, int status, string message)
    {
        await using var stage = await JaegerStage.StartAsync();
        using var response = await stage.Server.Http.GetAsync(path);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(
            $$"""{"data":null,"total":0,"limit":0,"offset":0,"errors":[{"code":{{status}},"msg":"{{message}}"}]}""" + "\n",
            await response.Content.ReadAsStringAsync());
        Assert.Equal(MediaTypeHeaderValue.Parse("text/plain; charset=utf-8"), response.Content.Headers.ContentType);
    }
}
