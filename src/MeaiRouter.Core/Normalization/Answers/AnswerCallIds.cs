using System.Security.Cryptography;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Answers;

/// <summary>Gives every tool call of one answer an id of its own.</summary>
internal struct AnswerCallIds
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int Length = 24;

    private HashSet<string>? _seen;

    /// <summary>The call, with a new id if it has none or one that another call of the answer has.</summary>
    public FunctionCallContent MakeUnique(FunctionCallContent call)
    {
        _seen ??= [];
        if (!string.IsNullOrEmpty(call.CallId) && _seen.Add(call.CallId))
            return call;

        var id = $"call_{RandomNumberGenerator.GetString(Letters, Length)}";
        _seen.Add(id);
        return new FunctionCallContent(id, call.Name, call.Arguments)
        {
            Exception = call.Exception,
            InformationalOnly = call.InformationalOnly,
            Annotations = call.Annotations,
            RawRepresentation = call.RawRepresentation,
            AdditionalProperties = call.AdditionalProperties,
        };
    }
}
