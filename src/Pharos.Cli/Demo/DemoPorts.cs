using System.Net;
using System.Net.Sockets;

namespace Pharos.Cli.Demo;

/// <summary>The ports that the pack's files name, and the free ones that stand in for those in use.</summary>
internal sealed class DemoPorts
{
    /// <summary>What listens where in the pack as it is written.</summary>
    private static readonly (string Part, int Port)[] Usual =
    [
        ("web", 8080), ("mca", 8090), ("npa", 8091), ("wpa", 8092), ("postgres", 9187), ("redis", 9121), ("mongodb", 9216),
        ("sink", 9099), ("mail", 2525),
    ];

    private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);

    private DemoPorts()
    {
    }

    public int this[string part] => _ports[part];

    /// <summary>Parts that could not have their usual port, with the one they got instead.</summary>
    public IEnumerable<(string Part, int Usual, int Port)> Moved =>
        Usual.Where(usual => _ports[usual.Part] != usual.Port).Select(usual => (usual.Part, usual.Port, _ports[usual.Part]));

    public static DemoPorts Choose()
    {
        var ports = new DemoPorts();
        foreach (var (part, port) in Usual)
        {
            ports._ports[part] = IsFree(port) ? port : FreePort();
        }
        return ports;
    }

    /// <summary>A file's text with every moved address put in place.</summary>
    public string Apply(string text)
    {
        foreach (var (_, usual, port) in Moved)
        {
            text = text.Replace($"127.0.0.1:{usual}", $"127.0.0.1:{port}", StringComparison.Ordinal);
        }
        return text;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
