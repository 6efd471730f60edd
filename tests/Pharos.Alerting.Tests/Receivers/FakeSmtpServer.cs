using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pharos.Alerting.Tests.Receivers;

/// <summary>An SMTP server on a free loopback port that takes every mail and remembers the conversation.</summary>
internal sealed class FakeSmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public FakeSmtpServer(params string[] extensions)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync(extensions);
    }

    public int Port { get; }

    public List<string> Commands { get; } = [];

    public string Data { get; private set; } = "";

    /// <summary>Answers by the start of the command instead of the usual one.</summary>
    public Dictionary<string, string> Answers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The start of the command after which nothing is said any more; empty: the greeting.</summary>
    public string? FallsSilentAt { get; set; }

    /// <summary>The start of the command after which the connection ends.</summary>
    public string? CutsAt { get; set; }

    public string Greeting { get; set; } = "220 fake ESMTP";

    /// <summary>The answer to a mail.</summary>
    public string Verdict { get; set; } = "250 taken";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        try
        {
            await _serving;
        }
        catch (Exception problem) when (problem is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The client went away, or we did.
        }
        _stop.Dispose();
    }

    private async Task ServeAsync(string[] extensions)
    {
        while (!_stop.IsCancellationRequested)
        {
            using var connection = await _listener.AcceptTcpClientAsync(_stop.Token);
            await using var stream = connection.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            await (FallsSilentAt == "" ? Task.Delay(Timeout.Infinite, _stop.Token) : writer.WriteLineAsync(Greeting));
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                Commands.Add(line);
                if (!await AnswerAsync(line, extensions, reader, writer))
                {
                    break;
                }
            }
        }
    }

    private async Task<bool> AnswerAsync(string line, string[] extensions, StreamReader reader, StreamWriter writer)
    {
        if (FallsSilentAt is not null && line.StartsWith(FallsSilentAt, StringComparison.Ordinal))
        {
            await Task.Delay(Timeout.Infinite, _stop.Token);
        }
        if (CutsAt is not null && line.StartsWith(CutsAt, StringComparison.Ordinal))
        {
            return false;
        }
        var set = Answers.FirstOrDefault(answer => line.StartsWith(answer.Key, StringComparison.OrdinalIgnoreCase)).Value;
        if (set is not null)
        {
            await writer.WriteLineAsync(set);
            return true;
        }
        switch (line.Split(' ', ':')[0].ToUpperInvariant())
        {
            case "EHLO":
                foreach (var extension in extensions)
                {
                    await writer.WriteLineAsync("250-" + extension);
                }
                await writer.WriteLineAsync("250 8BITMIME");
                return true;
            case "AUTH":
                await writer.WriteLineAsync("235 welcome");
                return true;
            case "DATA":
                await writer.WriteLineAsync("354 go on");
                var data = new StringBuilder();
                while (await reader.ReadLineAsync(_stop.Token) is { } text && text != ".")
                {
                    data.Append(text.StartsWith("..", StringComparison.Ordinal) ? text[1..] : text).Append('\n');
                }
                Data = data.ToString();
                await writer.WriteLineAsync(Verdict);
                return true;
            case "QUIT":
                await writer.WriteLineAsync("221 bye");
                return false;
            default:
                await writer.WriteLineAsync("250 ok");
                return true;
        }
    }
}
