using System.Security.Cryptography;
using MeaiRouter.Normalization.Conversation;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization;

/// <summary>Makes the ids of the tool calls in an answer unique.</summary>
internal static class ToolCallIds
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>The call with an id of its own, if it has none or one that another call of the answer has.</summary>
    public static FunctionCallContent MakeUnique(FunctionCallContent call, HashSet<string> seen)
    {
        if (!string.IsNullOrEmpty(call.CallId) && seen.Add(call.CallId))
            return call;

        var id = $"call_{RandomNumberGenerator.GetString(Letters, 24)}";
        seen.Add(id);
        return CallIds.WithId(call, id);
    }
}
