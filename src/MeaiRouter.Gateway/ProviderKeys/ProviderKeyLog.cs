using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.ProviderKeys;

/// <summary>What becomes of providers' keys, by names and ids, never by secrets.</summary>
internal static partial class ProviderKeyLog
{
    [LoggerMessage(EventIds.ProviderKeyChanged, LogLevel.Information, "The key '{Name}' ({Id}) of the provider '{Provider}' was {Change}.")]
    public static partial void Changed(ILogger logger, string name, string id, string provider, string change);

    [LoggerMessage(EventIds.ProviderKeyUnreadable, LogLevel.Error, "The provider's key '{Name}' ({Id}) cannot be decrypted, and requests are made without it. Bring back the key ring it was encrypted with, or leave the key here again.")]
    public static partial void Unreadable(ILogger logger, string name, string id);
}
