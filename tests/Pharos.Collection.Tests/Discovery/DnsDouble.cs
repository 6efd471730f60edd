using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pharos.Collection.Tests.Discovery;

/// <summary>A name server on a free loopback port, UDP and TCP, with a table of names.</summary>
internal sealed class DnsDouble : IDisposable
{
    private const int NoSuchName = 3;

    private readonly Dictionary<string, (byte[][] Records, int Code)> _answers = new(StringComparer.OrdinalIgnoreCase);
    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;

    public DnsDouble()
    {
        _tcp = new TcpListener(IPAddress.Loopback, 0);
        _tcp.Start();
        Address = (IPEndPoint)_tcp.LocalEndpoint;
        _udp = new UdpClient(Address);
        _ = AnswerUdpAsync();
        _ = AnswerTcpAsync();
    }

    public IPEndPoint Address { get; }

    /// <summary>Answers over UDP are cut, so that clients must come again over TCP.</summary>
    public bool Truncates { get; set; }

    public int TcpQueries { get; private set; }

    public List<string> Asked { get; } = [];

    public void Add(string name, params byte[][] records) => _answers[name] = (records, 0);

    public void Fail(string name, int code) => _answers[name] = ([], code);

    public static byte[] A(string address) => Record(1, IPAddress.Parse(address).GetAddressBytes());

    public static byte[] Aaaa(string address) => Record(28, IPAddress.Parse(address).GetAddressBytes());

    public static byte[] Srv(string target, ushort port) => Record(33, [0, 1, 0, 2, (byte)(port >> 8), (byte)port, .. Name(target)]);

    public static byte[] Mx(string target) => Record(15, [0, 10, .. Name(target)]);

    public static byte[] Ns(string target) => Record(2, Name(target));

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
    }

    private static byte[] Name(string name) =>
        [.. name.TrimEnd('.').Split('.').SelectMany(part => new[] { (byte)part.Length }.Concat(Encoding.ASCII.GetBytes(part))), 0];

    /// <summary>The name of a record is a pointer to the question's.</summary>
    private static byte[] Record(ushort type, byte[] body) =>
        [0xc0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 60, (byte)(body.Length >> 8), (byte)body.Length, .. body];

    private async Task AnswerUdpAsync()
    {
        try
        {
            while (true)
            {
                var query = await _udp.ReceiveAsync();
                await _udp.SendAsync(Answer(query.Buffer, Truncates), query.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The double has ended.
        }
    }

    private async Task AnswerTcpAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _tcp.AcceptTcpClientAsync();
                var stream = client.GetStream();
                var length = new byte[2];
                await stream.ReadExactlyAsync(length);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(query);
                TcpQueries++;
                var answer = Answer(query, truncate: false);
                await stream.WriteAsync((byte[])[(byte)(answer.Length >> 8), (byte)answer.Length, .. answer]);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The double has ended.
        }
    }

    private byte[] Answer(byte[] query, bool truncate)
    {
        var at = 12;
        var labels = new List<string>();
        while (query[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(query, at + 1, query[at]));
            at += query[at] + 1;
        }
        var question = query[12..(at + 5)];
        var name = string.Join('.', labels) + ".";
        lock (Asked)
        {
            Asked.Add(name);
        }
        var (records, code) = _answers.TryGetValue(name, out var found) ? found : ([], NoSuchName);
        var count = truncate ? 0 : records.Length;
        byte[] header = [query[0], query[1], (byte)(truncate ? 0x87 : 0x85), (byte)(0x80 | code), 0, 1, 0, (byte)count, 0, 0, 0, 0];
        return [.. header, .. question, .. truncate ? [] : records.SelectMany(record => record)];
    }
}
