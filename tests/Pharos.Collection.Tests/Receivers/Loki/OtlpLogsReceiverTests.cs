using System.Text;
using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Collection.Receivers.Loki.Otlp;
using Pharos.Collection.Tests.Protobuf;
using Pharos.Storage.Text;

namespace Pharos.Collection.Tests.Receivers.Loki;

public sealed class OtlpLogsReceiverTests
{
    private const string Json =
        """
        {"resourceLogs":[{"resource":{"attributes":[
            {"key":"service.name","value":{"stringValue":"shop"}},{"key":"k8s.pod.name","value":{"stringValue":"shop-1"}},
            {"key":"process.pid","value":{"intValue":"42"}},{"key":"host","value":{"kvlistValue":{"values":[
              {"key":"name","value":{"stringValue":"h"}},{"key":"up","value":{"boolValue":true}}]}}}]},
          "scopeLogs":[{"scope":{"name":"lib","version":"1.2"},"logRecords":[
            {"timeUnixNano":"1700000000000000001","observedTimeUnixNano":"1700000000000000009","severityNumber":17,"severityText":"ERROR",
             "body":{"stringValue":"it broke"},"attributes":[{"key":"http.status","value":{"intValue":"500"}}],
             "traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","flags":1,"eventName":"crash"},
            {"observedTimeUnixNano":"1700000000000000002","body":{"kvlistValue":{"values":[
              {"key":"b","value":{"intValue":1}},{"key":"a","value":{"stringValue":"x"}}]}}},
            {"body":{"stringValue":"now"}}]}]}]}
        """;

    [Fact]
    public void Records_become_entries()
    {
        using var stage = new PushStage();
        Assert.Equal(204, Receive(stage, Json).Status);
        var entries = stage.Store.Entries;
        Assert.All(entries, static entry => Assert.Equal("{k8s_pod_name=\"shop-1\", service_name=\"shop\"}", entry.Stream));
        Assert.Equal(["it broke", """{"a":"x","b":1}""", "now"], entries.Select(static entry => entry.Line));
        Assert.Equal([PushStage.NowNs + 1, PushStage.NowNs + 2, PushStage.NowNs], entries.Select(static entry => entry.TimeNs));
        Assert.Equal(
            "event_name=crash, flags=1, host_name=h, host_up=true, http_status=500, observed_timestamp=1700000000000000009, process_pid=42, "
            + "scope_name=lib, scope_version=1.2, severity_number=17, severity_text=ERROR, span_id=eee19b7ec3c1b174, "
            + "trace_id=5b8efff798038103d269b633813fc60c", entries[0].Sent);
        Assert.Equal(["error", "unknown", "unknown"], entries.Select(static entry => entry.Level));
    }

    [Fact]
    public void Protobuf_says_the_same_as_json()
    {
        using var stage = new PushStage();
        var record = new ProtoMessage()
            .Message(5, new ProtoMessage().Text(1, "it broke")).Varint(2, 9).Text(3, "Info").Bytes(9, Convert.FromHexString("5b8efff798038103d269b633813fc60c"))
            .Bytes(10, new byte[8]).Message(6, new ProtoMessage().Text(1, "n").Message(2, new ProtoMessage().Varint(3, 7)));
        var structured = new ProtoMessage().Message(5, new ProtoMessage().Message(6, new ProtoMessage().Message(
            1, new ProtoMessage().Text(1, "k").Message(2, new ProtoMessage().Varint(2, 1)))));
        var message = new ProtoMessage().Message(1, new ProtoMessage()
            .Message(2, new ProtoMessage().Message(2, record).Message(2, structured).Message(1, new ProtoMessage().Text(1, "lib")))
            .Message(1, new ProtoMessage().Message(1, new ProtoMessage().Text(1, "service.name").Message(2, new ProtoMessage().Text(1, "s")))));
        var outcome = new OtlpLogsReceiver(stage.Intake, stage.Time).ReceiveProtobuf("fake", message.ToArray());
        Assert.Equal((2, 204), (outcome.Stored, outcome.Status));
        Assert.Equal(["it broke", """{"k":true}"""], stage.Store.Entries.Select(static entry => entry.Line));
        Assert.Equal(
            "n=7, scope_name=lib, severity_number=9, severity_text=Info, trace_id=5b8efff798038103d269b633813fc60c", stage.Store.Entries[0].Sent);
        Assert.Equal("{service_name=\"s\"}", stage.Store.Entries[0].Stream);
        Assert.Equal("info", stage.Store.Entries[0].Level);
    }

    [Fact]
    public void The_configuration_says_what_becomes_of_an_attribute()
    {
        using var stage = new PushStage(LokiIngestLimits.Default with
        {
            Otlp = new OtlpLogOptions
            {
                ResourceAttributes =
                [
                    new OtlpAttributeRule(OtlpAttributeAction.Drop, [], GoRegex.Anchored("host.*")),
                    new OtlpAttributeRule(OtlpAttributeAction.IndexLabel, ["process.pid"], null),
                ],
                LogAttributes = [new OtlpAttributeRule(OtlpAttributeAction.Drop, ["http.status"], null)],
                SeverityTextAsLabel = true,
            },
        });
        Receive(stage, Json);
        var entry = stage.Store.Entries[0];
        Assert.Equal("{process_pid=\"42\", service_name=\"unknown_service\", severity_text=\"ERROR\"}", entry.Stream);
        Assert.Equal("{process_pid=\"42\", service_name=\"unknown_service\"}", stage.Store.Entries[1].Stream);
        Assert.DoesNotContain("http_status", entry.Sent, StringComparison.Ordinal);
        Assert.DoesNotContain("host_name", entry.Sent, StringComparison.Ordinal);
        Assert.Contains("k8s_pod_name=shop-1", entry.Sent, StringComparison.Ordinal);
    }

    private static LokiPushOutcome Receive(PushStage stage, string json) =>
        new OtlpLogsReceiver(stage.Intake, stage.Time).ReceiveJson("fake", Encoding.UTF8.GetBytes(json));
}
