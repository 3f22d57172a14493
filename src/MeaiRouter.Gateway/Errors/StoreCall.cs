using System.Data.Common;

namespace MeaiRouter.Gateway.Errors;

/// <summary>A call of a database: where it cannot be reached the caller is asked to come back, and never told that something is not there.</summary>
internal static class StoreCall
{
    /// <summary>What is said of a change to keys that may not have been made.</summary>
    public const string KeysUnreachable = "The database of the keys cannot be reached at the moment; the change may not have been made. Try again.";

    /// <summary>Makes the call.</summary>
    /// <param name="work">The call.</param>
    /// <param name="unreachable">What the caller is told where the database cannot be reached.</param>
    /// <exception cref="GatewayException">The database cannot be reached.</exception>
    public static async Task<T> RunAsync<T>(Func<Task<T>> work, string unreachable)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is DbException or IOException or TimeoutException)
        {
            throw GatewayException.Unavailable(unreachable, exception);
        }
    }
}
