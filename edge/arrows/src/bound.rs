//! A decision and the columns of a table it reads.

use crate::figures;
use arrow_schema::{DataType, Field as Head, Schema, SchemaRef};
use kaoping_batch::{Binding, Job};
use kaoping_decide::Decider;
use kaoping_sheets::Header;
use kaoping_terms::{Lang, Report};
use std::sync::Arc;

/// A decision and the columns of a table it reads.
#[derive(Debug)]
pub(crate) struct Bound<'d> {
    decider: &'d Decider<'d>,
    /// The columns, with values in place of dictionaries.
    pub(crate) schema: SchemaRef,
    pub(crate) header: Header,
    pub(crate) binding: Binding,
    lang: Lang,
}

impl<'d> Bound<'d> {
    /// Finds the columns of a decision; `select` names what is to come out.
    pub(crate) fn new(
        decider: &'d Decider<'d>,
        schema: &SchemaRef,
        select: Option<&[String]>,
        lang: Lang,
    ) -> Result<Bound<'d>, Report> {
        let schema = plain_schema(schema);
        let header = Header::new(schema.fields().iter().map(|head| head.name().as_str()));
        let binding = Binding::new(decider, &header, select)?;
        let bound = Bound { decider, schema, header, binding, lang };
        figures::fitting(bound.job(), &bound.schema)?;
        Ok(bound)
    }

    pub(crate) fn job(&self) -> Job<'_> {
        Job { decider: self.decider, binding: &self.binding, header: &self.header, lang: self.lang }
    }
}

/// The columns of a table with values in place of dictionaries.
fn plain_schema(schema: &SchemaRef) -> SchemaRef {
    let plain = |head: &Arc<Head>| match head.data_type() {
        DataType::Dictionary(_, values) => Arc::new(Head::clone(head).with_data_type(values.as_ref().clone())),
        _ => head.clone(),
    };
    Arc::new(Schema::new(schema.fields().iter().map(plain).collect::<Vec<_>>()))
}
