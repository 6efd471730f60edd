using DnsClient;
using Microsoft.Extensions.Logging;

namespace Pharos.Collection.Discovery.Dns;

/// <summary>Looks names up over UDP, and over TCP where an answer was cut; every server is tried in turn.</summary>
internal sealed class DnsResolver(ResolverConfig config, DiscoveryMetrics metrics, ILogger logger)
{
    /// <summary>The answer for the first name of the search list that exists; an empty one where none does.</summary>
    /// <exception cref="DnsResponseException">A server that could have known could not be asked.</exception>
    public async Task<IDnsQueryResponse?> LookUpAsync(string name, QueryType type, CancellationToken cancellation)
    {
        var certain = true;
        foreach (var candidate in config.Candidates(name))
        {
            var answer = await AskAnyAsync(candidate, type, cancellation).ConfigureAwait(false);
            if (answer is null)
            {
                certain = false;
            }
            else if (answer.Header.ResponseCode == DnsHeaderResponseCode.NoError)
            {
                return answer;
            }
        }
        return certain ? null : throw new DnsResponseException(
            $"could not resolve \"{name}\": all servers responded with errors to at least one search domain");
    }

    /// <summary>The first viable answer: the name's records, or that it does not exist. Null where no server gave one.</summary>
    private async Task<IDnsQueryResponse?> AskAnyAsync(string name, QueryType type, CancellationToken cancellation)
    {
        foreach (var server in config.Servers)
        {
            metrics.DnsLookups.Add(1);
            try
            {
                var client = new LookupClient(new LookupClientOptions(server)
                {
                    UseCache = false,
                    Retries = config.Attempts - 1,
                    Timeout = config.Timeout,
                    UseTcpFallback = true,
                    ThrowDnsErrors = false,
                });
                var answer = await client.QueryAsync(new DnsQuestion(name, type), cancellation).ConfigureAwait(false);
                if (answer.Header.ResponseCode is DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain)
                {
                    return answer;
                }
                logger.LogWarning("DNS resolution of {Name} failed: {Server} answered {Code}", name, server, answer.Header.ResponseCode);
            }
            catch (DnsResponseException e)
            {
                logger.LogWarning("DNS resolution of {Name} failed: {Server}: {Reason}", name, server, e.Message);
            }
            metrics.DnsLookupFailures.Add(1);
        }
        return null;
    }
}
