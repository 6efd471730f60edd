using System.Security.Cryptography;
using System.Text;

namespace Pharos.Alerting.Receivers;

internal static class GroupKeyHash
{
    /// <summary>The key under which other systems know a group: SHA-256 in small hexadecimal digits.</summary>
    public static string Of(string groupKey) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(groupKey)));
}
