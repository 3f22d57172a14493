using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>What becomes of keys and budgets, by names and hashes, never by secrets.</summary>
internal static partial class AccountLog
{
    [LoggerMessage(EventIds.KeyChanged, LogLevel.Information, "The key '{Name}' ({Hash}) was {Change}.")]
    public static partial void Changed(ILogger logger, string name, string hash, string change);

    [LoggerMessage(EventIds.KeyInMemory, LogLevel.Warning, "The key '{Name}' is kept in memory and will be gone when the process ends. Set MeaiRouter:Gateway:Ledger to keep keys in a database.")]
    public static partial void Vanishes(ILogger logger, string name);

    [LoggerMessage(EventIds.KeysUnreadable, LogLevel.Error, "Keys and budgets cannot be read from the database; those known stay in force. It is tried again until it succeeds. {Reason}")]
    public static partial void Unreadable(ILogger logger, string reason);

    [LoggerMessage(EventIds.KeysReadable, LogLevel.Information, "Keys and budgets are those of the database again.")]
    public static partial void Readable(ILogger logger);
}
