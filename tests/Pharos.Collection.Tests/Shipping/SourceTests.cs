using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Shipping.Targets;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Shipping;

public sealed class SourceTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(54).AddDays(100);

    [Theory]
    [InlineData("<165>4 2018-10-11T22:14:15.003Z mymach.it e - 1 [ex@32473 iut=\"3\"] An application event log entry...", null)]
    [InlineData("<165>1 2018-10-11T22:14:15.003Z mymach.it e - 1 [ex@32473 iut=\"3\" q=\"a\\\"b\\]\"][x k=\"v\"] An event",
        "text=An event host=mymach.it app=e proc= msg=1 sd=ex@32473_iut=3,ex@32473_q=a\"b],x_k=v facility=local4 severity=notice time=1539296055003000000")]
    [InlineData("<34>1 - - su 12 - - text", "text=text host= app=su proc=12 msg= sd= facility=auth severity=critical time=")]
    [InlineData("<34>1 - - - - - -", "text= host= app= proc= msg= sd= facility=auth severity=critical time=")]
    [InlineData("<999>1 - - - - - - x", null)]
    [InlineData("no priority", null)]
    public void Messages_of_RFC_5424_are_taken_apart(string text, string? expected) => Assert.Equal(expected, Show(SyslogMessage.ParseRfc5424(text)));

    [Theory]
    [InlineData("<34>Oct 11 22:14:15 mymachine su[77]: 'su root' failed", "text='su root' failed host=mymachine app=su proc=77 msg= sd= facility=auth severity=critical time=1697062455000000000")]
    [InlineData("<13>no header at all", "text=no header at all host= app= proc= msg= sd= facility=user severity=notice time=")]
    public void Messages_of_RFC_3164_are_taken_apart(string text, string expected) => Assert.Equal(expected, Show(SyslogMessage.ParseRfc3164(text, Now)));

    [Theory]
    [InlineData("3 <a>5 hello2 ok", "<a>|hello|ok")]
    [InlineData("3 <a>\n<b>\n2 ok", "<a>|<b>|ok")]
    [InlineData("<a>\r\n\n<b>\n", "<a>\r|<b>")]
    public void Frames_are_counted_or_lines(string text, string expected)
    {
        for (var step = 1; step <= text.Length; step++)
        {
            var frames = new SyslogFrames(Syslog(0));
            var found = new List<byte[]>();
            for (var i = 0; i < text.Length; i += step)
            {
                found.AddRange(frames.Add(Encoding.UTF8.GetBytes(text[i..Math.Min(text.Length, i + step)])));
            }
            Assert.Equal(expected, string.Join('|', found.Select(Encoding.UTF8.GetString)));
        }
    }

    [Fact]
    public void A_message_that_is_too_long_is_cut_or_ends_the_connection()
    {
        var lines = new SyslogFrames(Syslog(0) with { MaxMessageBytes = 4 });
        Assert.Equal(["<abc"], lines.Add("<abcdef"u8).Select(Encoding.UTF8.GetString));
        Assert.Equal(["<x"], lines.Add("gh\n<x\n"u8).Select(Encoding.UTF8.GetString));
        Assert.Throws<InvalidDataException>(() => new SyslogFrames(Syslog(0) with { MaxMessageBytes = 4 }).Add("5 abcde"u8));
        Assert.Throws<InvalidDataException>(() => new SyslogFrames(Syslog(0)).Add("1x <a>"u8));
    }

    [Fact]
    public async Task Syslog_comes_over_TCP_and_UDP()
    {
        foreach (var isUdp in (bool[])[false, true])
        {
            var port = FreePort();
            var options = Syslog(port) with { IsUdp = isUdp, LabelsStructuredData = true, UsesIncomingTime = true, Labels = LabelSet.From(("job", "s")) };
            var entries = new ConcurrentQueue<SourceEntry>();
            using var stop = new CancellationTokenSource();
            var running = new SyslogSource(options, TimeProvider.System, NullLogger.Instance).RunAsync(
                entry =>
                {
                    entries.Enqueue(entry);
                    return ValueTask.FromResult(true);
                }, stop.Token);
            var message = "<165>1 2018-10-11T22:14:15.003Z host app - - [a@1 b=\"c\"] hello"u8.ToArray();
            for (var i = 0; entries.IsEmpty && i < 50; i++)
            {
                try
                {
                    await SendAsync(isUdp, port, message);
                }
                catch (SocketException)
                {
                    // Not listening yet.
                }
                await Task.Delay(100);
            }
            Assert.True(entries.TryPeek(out var entry));
            Assert.Equal(("hello", 1539296055003000000), (entry.Line, entry.TimeNs));
            Assert.Equal("c", entry.Labels["__syslog_message_sd_a_1_b"]);
            Assert.Equal("127.0.0.1", entry.Labels["__syslog_connection_ip_address"]);
            Assert.Equal("s", entry.Labels["job"]);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => running);
        }
    }

    [Fact]
    public void Graylog_messages_are_put_together_and_unpacked()
    {
        var time = new FakeTimeProvider(Now);
        var source = new GelfSource(new GelfSourceOptions { UsesIncomingTime = true, Labels = LabelSet.From(("job", "gelf")) }, time);
        var message = """{"version":"1.1","host":"h","short_message":"s","timestamp":1385053862.3072,"level":1,"facility":"f","_x":2}"""u8.ToArray();
        var entry = source.Read(message)!;
        Assert.Equal((Encoding.UTF8.GetString(message), 1385053862307200000), (entry.Line, entry.TimeNs));
        Assert.Equal(("alert", "h", "1.1", "f"), (entry.Labels["__gelf_message_level"], entry.Labels["__gelf_message_host"],
            entry.Labels["__gelf_message_version"], entry.Labels["__gelf_message_facility"]));
        byte[] Chunk(byte number, byte[] part) => [0x1E, 0x0F, 1, 2, 3, 4, 5, 6, 7, 8, number, 2, .. part];
        Assert.Null(source.Whole(Chunk(1, message[50..])));
        Assert.Equal(message, source.Whole(Chunk(0, message[..50])));
        Assert.Equal(message, source.Whole(message));
    }

    [Fact]
    public void Journal_entries_become_labels_and_a_line()
    {
        const string line = """{"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"1700000000000001","PRIORITY":"3","_SYSTEMD_UNIT":"a.service","MESSAGE":[104,105]}""";
        var entry = new JournalSource(new JournalSourceOptions(), null, TimeProvider.System).Read(line)!;
        Assert.Equal(("hi", 1700000000000001000, "s=1;i=2"), (entry.Line, entry.TimeNs, entry.Cursor));
        Assert.Equal(("a.service", "error"), (entry.Labels["__journal__systemd_unit"], entry.Labels["__journal_priority_keyword"]));
        var json = new JournalSource(new JournalSourceOptions { AsJson = true }, null, TimeProvider.System).Read(line)!;
        Assert.Contains("\"MESSAGE\":\"hi\"", json.Line, StringComparison.Ordinal);
    }

    private static SyslogSourceOptions Syslog(int port) => new() { Host = "127.0.0.1", Port = port };

    private static async Task SendAsync(bool isUdp, int port, byte[] message)
    {
        if (isUdp)
        {
            using var udp = new UdpClient();
            await udp.SendAsync(message, new IPEndPoint(IPAddress.Loopback, port));
            return;
        }
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port);
        await tcp.GetStream().WriteAsync((byte[])[.. Encoding.UTF8.GetBytes($"{message.Length} "), .. message]);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? Show(SyslogMessage? message)
    {
        if (message is null)
        {
            return null;
        }
        var labels = new LabelSetBuilder();
        message.AddTo(labels, withStructuredData: true);
        return $"text={message.Text} host={message.Hostname} app={message.AppName} proc={message.ProcId} msg={message.MsgId} "
            + $"sd={string.Join(',', message.StructuredData.Select(pair => $"{pair.Key}={pair.Value}"))} "
            + $"facility={labels["__syslog_message_facility"]} severity={labels["__syslog_message_severity"]} time={message.TimeNs}";
    }
}
