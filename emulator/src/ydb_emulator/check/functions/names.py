"""The names of YQL's built-in functions: one that isn't among them is unknown to YDB, not just to the emulator.

Source: yql/essentials/sql/v1/builtin.cpp (TBuiltinFuncData; BuildBuiltinFunc for the ones with code of their own).
"""

from __future__ import annotations

from ...types import by_name
from ...yql import syntax

AGGREGATES = frozenset(
    """
    min max minby maxby sum sumif checked_sum checked_sumif some somevalue count countif every booland boolor boolxor
    bitand bitor bitxor avg avgif agglist aggrlist aggregatelist agglistdistinct aggrlistdistinct aggregatelistdistinct
    median percentile mode topfreq top bottom topby bottomby histogram histogramcdf adaptivewardhistogram
    adaptivewardhistogramcdf adaptiveweighthistogram adaptiveweighthistogramcdf adaptivedistancehistogram
    adaptivedistancehistogramcdf blockwardhistogram blockwardhistogramcdf blockweighthistogram blockweighthistogramcdf
    linearhistogram linearhistogramcdf logarithmichistogram logarithmichistogramcdf loghistogram loghistogramcdf
    hyperloglog hll countdistinctestimate variance stddev populationvariance variancepopulation populationstddev
    stddevpopulation varpop stddevpop varp stddevp variancesample stddevsample varsamp stddevsamp vars stddevs
    correlation corr covariance covariancesample covarsamp covar covars covariancepopulation covarpop covarp udaf
    firstvalue lastvalue nthvalue firstvalueignorenulls lastvalueignorenulls nthvalueignorenulls first last
    aggregateby multiaggregateby
    """.split()
)

WINDOW = frozenset("rownumber rank denserank lead lag percentrank cumedist ntile".split())

WINDOW_ONLY = {"firstvalue": "FirstValue", "lastvalue": "LastValue", "nthvalue": "NthValue"}
"""Aggregate functions that are of windows alone, as YDB speaks of them."""

BUILTINS = AGGREGATES | WINDOW | frozenset(
    """
    if ifstrict len length charlength characterlength substring find rfind byteat startswith endswith abs tobytes
    frombytes minof maxof greatest least in aslist asliststrict listlength listhasitems listextend listextendstrict
    listunionall listzip listzipall listenumerate listreverse listskip listtake listhead listlast listsort listsortasc
    listsortdesc listmap listflatmap listfilter listany listall listhas listmax listmin listsum listfold listfold1
    listfoldmap listfold1map listavg listconcat listextract listuniq listuniqstable listcreate listfromrange
    listreplicate listtakewhile listskipwhile listtakewhileinclusive listskipwhileinclusive listcollect listnotnull
    listflatten listtop listtopasc listtopdesc listtopsort listtopsortasc listtopsortdesc listsample listsamplen
    listshuffle dictlength dicthasitems dictcreate setcreate asdict asdictstrict asset assetstrict todict tomultidict
    tosorteddict tosortedmultidict tohasheddict tohashedmultidict dictkeys dictpayloads dictitems dictlookup
    dictcontains asatom secureparam void emptylist emptydict callable way dynamicvariant variant enum asvariant asenum
    astagged untag parsetype ensuretype ensureconvertibleto ensure evaluateexpr evaluateatom evaluatetype unwrap just
    nothing formattype formattypediff formattypediffpretty pgtype pgconst pgop pgcall pgrangecall pgcast frompg topg
    pgor pgand pgnot pgarray typeof instanceof datatype optionaltype listtype streamtype dicttype tupletype generictype
    unittype voidtype resourcetype taggedtype varianttype callabletype optionalitemtype listitemtype streamitemtype
    dictkeytype dictpayloadtype tupleelementtype structmembertype callableresulttype callableargumenttype
    variantunderlyingtype variantitem fromysonsimpletype currentutcdate currentutcdatetime currentutctimestamp
    currenttzdate currenttzdatetime currenttztimestamp currentoperationid currentoperationsharedid
    currentauthenticateduser currentlanguageversion addtimezone removetimezone pickle stablepickle unpickle typehandle
    parsetypehandle typekind datatypecomponents datatypehandle optionaltypehandle listtypehandle streamtypehandle
    tupletypecomponents tupletypehandle structtypecomponents structtypehandle dicttypecomponents dicttypehandle
    resourcetypetag resourcetypehandle taggedtypecomponents taggedtypehandle varianttypehandle voidtypehandle
    nulltypehandle emptylisttypehandle emptydicttypehandle callabletypecomponents callableargument callabletypehandle
    pgtypename pgtypehandle formatcode worldcode atomcode listcode funccode lambdacode evaluatecode reprcode quotecode
    lambdaargumentscount lambdaoptionalargumentscount subqueryextend subqueryunionall subquerymerge subqueryunionmerge
    subqueryextendfor subqueryunionallfor subquerymergefor subqueryunionmergefor subqueryorderby subqueryassumeorderby
    astuple trymember addmember replacemember removemember forceremovemember combinemembers flattenmembers staticmap
    staticzip structunion structintersection structdifference structsymmetricdifference staticfold staticfold1 filepath
    filecontent folderpath files parsefile coalesce nvl nanvl likely assumestrict assumenonstrict random randomnumber
    randomuuid tablepath tablerecordindex tablerow jointablerow tablerows weakfield version systemmetadata grouping
    sessionwindow sessionstart sessionstate hopstart hopend listindexof testbit setbit clearbit flipbit toset
    setisdisjoint setintersection setincludes setunion setdifference setsymmetricdifference listaggregate dictaggregate
    aggregatetransforminput aggregatetransformoutput aggregateflatten choosemembers removemembers forceremovemembers
    structmembers gathermembers renamemembers forcerenamemembers spreadmembers forcespreadmembers listfromtuple
    listtotuple opaque decimal tablename aggregationfactory udf asstruct structtype expandstruct visit visitordefault
    sqlexternalfunction hoppingwindow fulltextmatch fulltextscore
    """.split()
)  # fmt: skip


_SHOWN = {
    "rownumber": "RowNumber", "denserank": "DenseRank", "percentrank": "PercentRank", "cumedist": "CumeDist",
    **WINDOW_ONLY,
}  # fmt: skip


def window_name(node: syntax.Call) -> str:
    """A function as YDB speaks of it where it stands over a window."""
    return _SHOWN.get(normalized(node.name), node.name.capitalize())


def is_known(name: str) -> bool:
    """Whether YQL has a function of that name: a built-in one, a type's, or one of a module (which isn't looked up)."""
    return "::" in name or normalized(name) in BUILTINS or by_name(name) is not None


def normalized(name: str) -> str:
    """A function's name as YQL looks it up: lower case, without underscores (`List_Map`, `listmap`)."""
    return name.lower().replace("_", "")
